/**
 * The command: frames in full, by this library's engine and by what people would use instead, on Node 20, 22 and 24 and in
 * browsers. Needs `npm run models`, `npm run bench:peers`, and for all sides tfjs-node and both browsers.
 * `npm run bench:peers:dense -- --help` lists the options.
 */
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {useBackend} from '../../examples/atari/backend';
import {findOnnxRuntime} from '../../examples/atari/onnx/runtime';
import {ROOT} from '../frames';
import {writeJson} from '../json';
import {describeMachine} from '../machine';
import {hold} from './contest';
import {openHost} from './hosts';
import {readDenseOptions, type DenseOptions, type HostName} from './options';
import type {Machine} from '../results';
import type {DenseResults, DenseRow} from './results';
import {makeWork} from './works/make';
import {findSource} from './works/sources';
import type {Work} from './works/work';

interface Made {
  readonly work: Work;
  readonly folder: string;
}

async function makeWorks(names: readonly string[], works: string): Promise<Made[]> {
  await useBackend('wasm');
  const made: Made[] = [];
  for (const name of names) {
    const folder = join(works, name.replace(/\W/g, '-'));
    made.push({work: await makeWork(await findSource(name), folder), folder});
  }
  return made;
}

async function measureHost(
  name: HostName,
  made: readonly Made[],
  {works, ...options}: DenseOptions & {readonly works: string},
): Promise<DenseRow[]> {
  const host = await openHost(name, works);
  const rows: DenseRow[] = [];
  try {
    for (const {work, folder} of made) {
      const sides = await hold(host, folder, options);
      rows.push({host: name, version: host.version, work: work.name, macs: work.macs, sides});
      console.log(describe(rows.at(-1)!));
    }
  } finally {
    await host.close();
  }
  return rows;
}

function describe({version, work, macs, sides}: DenseRow): string {
  const lines = Object.entries(sides).map(([id, figure]) => {
    if ('absent' in figure) return `  ${id.padEnd(12)} ${figure.absent.split('\n')[0]}`;
    const {ms, cpuMs, difference} = figure;
    const rate = (macs / ms / 1e6).toFixed(1);
    return (
      `  ${id.padEnd(12)} ${ms.toFixed(1).padStart(7)} ms, ${cpuMs?.toFixed(1) ?? '–'} ms of the processor, ${rate} GMAC/s, ` +
      `difference ${difference.toExponential(1)}`
    );
  });
  return [`${version}, ${work}:`, ...lines].join('\n');
}

/** Rows of earlier runs stay, but for those that were measured again. */
function merged(json: string, rows: readonly DenseRow[]): DenseRow[] {
  const earlier = existsSync(json) ? (JSON.parse(readFileSync(json, 'utf8')) as DenseResults).rows : [];
  const isNew = ({host, work}: DenseRow) => rows.some((row) => row.host === host && row.work === work);
  return [...earlier.filter((row) => !isNew(row)), ...rows];
}

/** With the versions of the peers that are pinned. */
function withPeers(machine: Machine): Machine {
  const text = readFileSync(join(ROOT, 'bench/peers/package.json'), 'utf8');
  const {dependencies} = JSON.parse(text) as {dependencies: Record<string, string>};
  return {...machine, versions: {...machine.versions, ...dependencies}};
}

async function main(): Promise<void> {
  const options = readDenseOptions(process.argv.slice(2));
  const {hosts, networks, frames, rounds, json} = options;
  const machine = withPeers(describeMachine(findOnnxRuntime(ROOT), ''));
  const works = mkdtempSync(join(tmpdir(), 'tfjs-reuse-works-'));
  try {
    const made = await makeWorks(networks, works);
    for (const name of hosts) {
      const rows = await measureHost(name, made, {...options, works});
      writeJson(json, {machine, frames, rounds, rows: merged(json, rows)} satisfies DenseResults);
    }
  } finally {
    rmSync(works, {recursive: true});
  }
  console.log(`Written to ${json}`);
}

main().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
