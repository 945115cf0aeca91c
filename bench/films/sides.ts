/** The sides that run a film: the model itself, and reuse with both policies, exactly and with a gate. */
import * as tf from '@tensorflow/tfjs-core';
import {settle} from '../../examples/atari/sides/settle';
import {withReuse, type FrameReport, type ReuseModel, type ReuseOptions} from '../../src';
import type {Task} from './task';

export const SETTINGS = ['exact', 'gated'] as const;
export const POLICIES = ['incremental', 'auto'] as const;
export type Setting = (typeof SETTINGS)[number];
export type Policy = (typeof POLICIES)[number];

/** Reuse, or the model alone. */
export type SideId = 'model' | `${Setting}, ${Policy}`;

export interface Prediction {
  /** From the tensor to the outputs' values. */
  readonly ms: number;
  readonly outputs: readonly Float32Array[];
  /** Of reuse. */
  readonly report: FrameReport | null;
}

export interface Side {
  readonly id: SideId;
  /** 'auto' is not told where a film begins, the cache of 'incremental' is emptied there. */
  play(frames: readonly Float32Array[]): Promise<Prediction[]>;
  dispose(): void;
}

export function modelSide(task: Task): Side {
  return {
    id: 'model',
    play: (frames) => play(task, task.model as Runner, frames),
    dispose: () => undefined,
  };
}

export function reuseSide(task: Task, setting: Setting, policy: Policy): Side {
  const reuse = withReuse(task.model, {policy, ...(setting === 'gated' && gateOf(task))});
  return {
    id: `${setting}, ${policy}`,
    play: (frames) => {
      if (policy === 'incremental') reuse.reset();
      return play(task, reuse as Runner, frames, reuse);
    },
    dispose: () => reuse.dispose(),
  };
}

function gateOf({gate: {levels, neighbours}, greyLevel}: Task): ReuseOptions {
  const value = levels * greyLevel;
  return {inputThreshold: neighbours === undefined ? value : {value, neighbours}};
}

/** What a LayersModel and a GraphModel have in common, with reuse and without. */
interface Runner {
  predict(x: tf.Tensor): tf.Tensor | tf.Tensor[];
  execute(x: tf.Tensor, outputs: string[]): tf.Tensor | tf.Tensor[];
}

async function play(
  {shape, outputs: names}: Task,
  runner: Runner,
  frames: readonly Float32Array[],
  reuse: ReuseModel | null = null,
): Promise<Prediction[]> {
  const inputs = frames.map((values) => tf.tensor(values.slice(), [...shape], 'float32'));
  try {
    await settle();
    return inputs.map((input) => {
      const start = performance.now();
      const results = [names ? runner.execute(input, [...names]) : runner.predict(input)].flat();
      const values = results.map((result) => result.dataSync<'float32'>());
      const ms = performance.now() - start;
      const outputs = values.map((one) => one.slice());
      tf.dispose(results);
      return {ms, outputs, report: reuse?.lastFrame ?? null};
    });
  } finally {
    tf.dispose(inputs);
  }
}
