/**
 * What an episode takes without reuse on the engine that reuse runs on, measured over a part of it. Forwards, each frame is
 * computed from an empty cache, and nothing is recorded of it: who computes all of a frame has its activations for the
 * asking. Backwards, it is the backward pass of recorded frames that differ in every pixel from one to the next, so that it goes
 * through all of each. Sums are added up where they lie, as with reuse; an episode for each frame would add up the gradients
 * of all weights for each frame as well, and make the dense side slower than it is. What the backward pass has too much is
 * putting back what frames overwrote: 2 to 7 % of it were measured, the less the wider the network.
 */
import {performance} from 'node:perf_hooks';
import * as tf from '@tensorflow/tfjs-core';
import type {ReuseModel} from '../../../src';
import {partOf, policyLoss} from '../loss';
import type {Episode} from './episodes';

/** Between 0 and the next value that a pixel can have, so that no two frames share the value of a pixel. */
const SHIFT = 0.5;

/** Of the whole episode, without the update. */
export interface DenseTime {
  readonly forwardMs: number;
  readonly backwardMs: number;
  /** Held until the gradients are there. */
  readonly bytes: number;
}

/** @param sample frames to measure, after the first one: with that comes what an episode costs but once */
export function timeDense(reuse: ReuseModel, episode: Episode, sample: number): DenseTime {
  const further = Math.min(sample, episode.frames.length - 1);
  const forwardMs = timeForward(reuse, episode.frames.slice(0, 1 + further));
  const one = timeBackward(reuse, episode, 1);
  const all = timeBackward(reuse, episode, 1 + further);
  const scale = (episode.frames.length - 1) / further;
  return {
    forwardMs: (forwardMs * episode.frames.length) / (1 + further),
    backwardMs: one.ms + scale * Math.max(0, all.ms - one.ms),
    bytes: one.bytes + scale * (all.bytes - one.bytes),
  };
}

function timeForward(reuse: ReuseModel, frames: readonly Float32Array[]): number {
  const start = performance.now();
  for (const frame of frames) {
    reuse.cache.clear();
    reuse.run(frame);
  }
  return performance.now() - start;
}

function timeBackward(reuse: ReuseModel, {frames, lesson}: Episode, count: number) {
  const part = partOf(lesson, 0, count);
  reuse.cache.clear();
  const episode = reuse.record();
  try {
    frames.slice(0, count).forEach((frame, t) => reuse.run(t % 2 === 0 ? frame : shifted(frame)));
    const {bytes} = episode;
    const start = performance.now();
    const {value, grads} = episode.valueAndGrads((outputs) => policyLoss(outputs as tf.Tensor, part));
    value.dataSync();
    const ms = performance.now() - start;
    tf.dispose([value, grads]);
    return {ms, bytes};
  } finally {
    episode.dispose();
  }
}

function shifted(frame: Float32Array): Float32Array {
  return frame.map((value) => value + SHIFT);
}
