/** One side's turn: frames in, times and results out. */
import * as tf from '@tensorflow/tfjs-core';
import type {Plane} from '../examples/atari/preprocess';
import type {Frames} from './frames';
import {startCost, type Cost} from './measure/cost';
import type {EnergyMeter} from './measure/energy';
import type {FrameInput, Side, Timed} from './sides';

/** How the process is found to be at rest: in so many milliseconds it takes no more than that of a processor's time. */
const REST = {ms: 5, cpuMs: 1};
const MOST_RESTS = 100;

export interface Turn {
  readonly outputs: readonly Timed[];
  /** Of all frames but the first, which follows no other. */
  readonly cost: Cost;
}

export function takeTurn(
  side: Side,
  plane: Plane,
  frames: Frames,
  energy: EnergyMeter | null,
): Promise<Turn> {
  return withInputs(side, plane, frames, async ([first, ...rest]) => {
    await settle();
    side.cut();
    const outputs = [await side.predict(first)];
    const stop = startCost(energy);
    for (const input of rest) outputs.push(await side.predict(input));
    return {outputs, cost: stop()};
  });
}

/** Threads of the side before may still wait for work, and keep a core busy while they do: waits until they sleep. */
async function settle(): Promise<void> {
  for (let i = 0; i < MOST_RESTS; i++) {
    const stop = startCost(null);
    await new Promise((resolve) => setTimeout(resolve, REST.ms));
    if (stop().cpuMs <= REST.cpuMs) return;
  }
}

/** The results alone. */
export async function predictAll(side: Side, plane: Plane, frames: Frames): Promise<Float32Array[]> {
  const {outputs} = await takeTurn(side, plane, frames, null);
  return outputs.map(({values}) => values);
}

async function withInputs<T>(
  {backend}: Side,
  {height, width}: Plane,
  frames: Frames,
  use: (inputs: FrameInput[]) => Promise<T>,
): Promise<T> {
  await tf.setBackend(backend);
  const inputs = frames.map((pixels) => ({
    pixels,
    tensor: tf.tensor4d(pixels.slice(), [1, height, width, 1]),
  }));
  try {
    return await use(inputs);
  } finally {
    inputs.forEach(({tensor}) => tensor.dispose());
  }
}
