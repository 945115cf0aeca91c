/** What the run was made on: without it, its times say nothing. */
import {createRequire} from 'node:module';
import {arch, cpus, loadavg, platform, release, totalmem} from 'node:os';
import {join} from 'node:path';
import type {OnnxRuntime} from '../examples/atari/onnx/runtime';
import {ROOT} from './frames';
import type {Machine} from './results';

const PACKAGES = ['tfjs-core', 'tfjs-layers', 'tfjs-backend-wasm', 'tfjs-backend-cpu', 'tfjs-node'];

export function describeMachine(onnx: OnnxRuntime | null, energy: string): Machine {
  const all = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: all[0].model,
    cores: all.length,
    system: `${platform()} ${release().split('-')[0]}, ${arch()}`,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    load: loadavg()[0],
    versions: versions(onnx),
    energy,
  };
}

function versions(onnx: OnnxRuntime | null): Record<string, string> {
  const require = createRequire(join(ROOT, 'package.json'));
  const versionOf = (name: string) => (require(name) as {version: string}).version;
  const found: Record<string, string> = {
    node: process.versions.node,
    'tfjs-reuse': versionOf('./package.json'),
  };
  for (const name of PACKAGES) {
    try {
      found[name] = versionOf(`@tensorflow/${name}/package.json`);
    } catch {
      // Not installed: it took no part.
    }
  }
  if (onnx?.env.versions.node) found['onnxruntime-node'] = onnx.env.versions.node;
  return found;
}
