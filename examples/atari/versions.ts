/** What a run was made with, as a report names it. */
import {readFileSync} from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import {version_layers} from '@tensorflow/tfjs-layers';

export type Versions = Readonly<Record<string, string>>;

export function versions(): Versions {
  const own = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return {
    'tfjs-reuse': own.version,
    'tfjs-core': tf.version_core,
    'tfjs-layers': version_layers,
    node: process.versions.node,
  };
}

export function versionsLine(all = versions()): string {
  return Object.entries(all)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
}
