/**
 * Starts the peers, each in a process of its own: what its library prints stays there, its threads and its memory are not
 * those of the comparison, and one that does not load is no more than missing.
 */
import {fork, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {fileURLToPath} from 'node:url';
import type {NetworkSize} from '../network';
import type {Timed} from '../sides/side';
import type {Answer, Question} from './messages';
import {isInstalled, type PeerName} from './names';

export interface Peer {
  readonly name: PeerName;
  readonly version: string;
  /** Predicts the frames, in order. Nothing of it is at work any more when the promise is kept. */
  play(size: NetworkSize, frames: readonly Float32Array[]): Promise<readonly Timed[]>;
  close(): void;
}

const PROGRAM = fileURLToPath(new URL('process.ts', import.meta.url));

/** Those that can be loaded. */
export async function openPeers(names: readonly PeerName[]): Promise<Peer[]> {
  const peers = await Promise.all(names.filter(isInstalled).map((name) => openPeer(name).catch(() => null)));
  return peers.filter((peer) => peer !== null);
}

export function versionsOf(peers: readonly Peer[]): Readonly<Record<string, string>> {
  return Object.fromEntries(peers.map(({name, version}) => [name, version]));
}

async function openPeer(name: PeerName): Promise<Peer> {
  const child = fork(PROGRAM, [name], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const close = () => child.connected && child.disconnect();
  try {
    const {version} = await answerOf<{version: string}>(child, name);
    return {
      name,
      version,
      play: async (size, frames) => {
        const question: Question = {size, frames};
        child.send(question);
        const {outputs} = await answerOf<{outputs: readonly Timed[]}>(child, name);
        return outputs;
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** @throws where the process says that it failed, or ends */
async function answerOf<T extends Answer>(child: ChildProcess, name: PeerName): Promise<T> {
  const enough = new AbortController();
  const {signal} = enough;
  try {
    const [answer] = (await Promise.race([
      once(child, 'message', {signal}),
      exitOf(child, name, signal),
    ])) as [Answer];
    if ('error' in answer) throw new Error(`${name}: ${answer.error}`);
    return answer as T;
  } finally {
    enough.abort();
  }
}

async function exitOf(child: ChildProcess, name: PeerName, signal: AbortSignal): Promise<never> {
  await once(child, 'exit', {signal});
  throw new Error(`${name} ended before it had answered.`);
}
