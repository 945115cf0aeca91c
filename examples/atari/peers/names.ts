/** The peers: other libraries that can run the network, and how each is installed. None is a dependency. */
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Backend} from '../backend';

const PEERS = ['tfjs-node', 'onnxruntime-node'] as const;
export type PeerName = (typeof PEERS)[number];

const INSTALL: Readonly<Record<PeerName, {readonly package: string; readonly command: string}>> = {
  'tfjs-node': {package: '@tensorflow/tfjs-node', command: 'npm i @tensorflow/tfjs-node'},
  'onnxruntime-node': {package: 'onnxruntime-node', command: 'npm run bench:peers'},
};

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export function isInstalled(name: PeerName): boolean {
  try {
    createRequire(join(ROOT, 'bench/peers/package.json')).resolve(INSTALL[name].package);
    return true;
  } catch {
    return false;
  }
}

/** TensorFlow's backend is not its own peer. */
export function peersBeside(backend: Backend): PeerName[] {
  return PEERS.filter((name) => name !== 'tfjs-node' || backend !== 'tensorflow');
}

/** How to have those that could not be loaded. */
export function missingText(missing: readonly PeerName[]): string {
  const commands = missing.map((name) => `${name} (${INSTALL[name].command})`);
  return `Install these to see them beside it: ${commands.join(', ')}.`;
}
