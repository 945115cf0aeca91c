/** The processor's time that a program and all that it started have taken, as Linux counts it. */
import {readdirSync, readFileSync} from 'node:fs';

/** Linux counts in hundredths of a second, whatever the kernel's own clock. */
const TICK_MS = 10;

interface Process {
  readonly id: number;
  readonly parent: number;
  readonly ms: number;
}

/** Null where there is no /proc. What has ended since is not counted. */
export function cpuTimeOf(root: number): number | null {
  const all = readProcesses();
  if (all.length === 0) return null;
  const isOurs = (process: Process | undefined): boolean =>
    process !== undefined && (process.id === root || isOurs(all.find(({id}) => id === process.parent)));
  return all.filter(isOurs).reduce((sum, {ms}) => sum + ms, 0);
}

function readProcesses(): Process[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap(readProcess);
  } catch {
    return [];
  }
}

function readProcess(id: string): Process[] {
  try {
    // The name may hold anything, in parentheses: fields are counted from behind it.
    const fields = readFileSync(`/proc/${id}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
    return [{id: Number(id), parent, ms: (user + system) * TICK_MS}];
  } catch {
    // It has ended meanwhile.
    return [];
  }
}
