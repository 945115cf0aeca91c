/** Versions of Node as hosts: a process for each side. Versions other than this one are installed by npx. */
import {execFileSync, fork, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {ROOT} from '../../frames';
import type {Answer, Call} from '../realm/messages';
import {copyLiteRt} from '../realm/node-peers';
import type {Side} from '../sides';
import type {Host, Realm} from './host';

/** Bundled where this is, so that it runs on versions that know no TypeScript. */
const REALM = join(
  ROOT,
  import.meta.url.endsWith('.ts') ? 'bench/dense/realm/node.ts' : 'bench/dist/realm.js',
);

/** @param major of Node's version, `20` */
export function nodeHost(major: string): Host {
  copyLiteRt();
  const execPath = nodeOf(major);
  const version = execFileSync(execPath, ['--version'], {encoding: 'utf8'}).trim();
  return {
    name: `node-${major}`,
    kind: 'node',
    version: `Node ${version.slice(1)}`,
    open: (side, folder) => open(execPath, side, folder),
    close: async () => undefined,
  };
}

function nodeOf(major: string): string {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const npx = ['-y', '-p', `node@${major}`, 'which', 'node'];
  return execFileSync('npx', npx, {encoding: 'utf8'}).trim();
}

async function open(execPath: string, side: Side, folder: string): Promise<Realm> {
  const child = fork(REALM, [folder], {
    execPath,
    cwd: ROOT,
    // What these libraries print is not the benchmark's.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    env: {
      ...process.env,
      TF_NUM_INTRAOP_THREADS: `${side.threads}`,
      TF_NUM_INTEROP_THREADS: `${side.threads}`,
    },
  });
  const ask = asker(child);
  try {
    await ask({name: 'open', given: side});
  } catch (error) {
    child.kill();
    throw error;
  }
  return {
    check: async () => (await ask({name: 'check', given: null})).result as number,
    async play(count) {
      const {result, cpuMs = null} = await ask({name: 'play', given: count});
      return {ms: result as number[], cpuMs};
    },
    async close() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

type Success = Extract<Answer, {readonly result: unknown}>;

/** Sends a call and waits for its answer. */
function asker(child: ChildProcess): (call: Call) => Promise<Success> {
  let said = '';
  child.stderr!.on('data', (text) => (said = `${said}${text}`.slice(-2000)));
  return (call) =>
    new Promise((resolve, reject) => {
      const failed = () => reject(new Error(`The process ended: ${said.trim()}`));
      child.once('exit', failed);
      child.once('message', (message) => {
        child.off('exit', failed);
        const answer = message as Answer;
        if ('error' in answer) reject(new Error(answer.error));
        else resolve(answer);
      });
      child.send(call);
    });
}
