/**
 * Sides taking turns over the same frames. The model and reuse have a short chunk each, so that neither is the one to run
 * while the machine is slow; a chunk, because a program that uses only one of them has its memory in the processor's
 * caches. Sides that take as long for any frame have a turn now and then, and the others wait until their threads are at
 * rest. What the results are good for is not asked here.
 */
import type {FrameReport} from '../../src';
import type {PeerName} from './peers/names';
import type {Plane} from './preprocess';
import type {SampledFrame} from './sample';
import {withInputs} from './sides/inputs';
import type {FrameInput, Side, Timed} from './sides/side';

export interface Sides {
  readonly dense: Side<Timed>;
  /** On the backend of `dense`. */
  readonly reuse: Side<ReuseTimed>;
  readonly sampled: readonly SampledSide[];
}

export interface ReuseTimed extends Timed {
  readonly report: FrameReport;
}

/** The engine with nothing to reuse, or a peer. */
export type SampledName = 'full' | PeerName;

export interface SampledSide {
  readonly name: SampledName;
  /** When the promise is kept, nothing of the side is at work any more. */
  play(frames: readonly Float32Array[]): Promise<readonly Timed[]>;
}

/** A chunk of frames, and what came out of each. */
export interface Turn {
  readonly frames: readonly SampledFrame[];
  readonly dense: readonly Timed[];
  readonly reuse: readonly ReuseTimed[];
  /** Empty except in every few chunks. */
  readonly sampled: ReadonlyMap<SampledName, readonly Timed[]>;
}

/** Frames a side runs before it is the other's turn. */
const CHUNK = 10;

/** A sampled side runs one chunk of so many. */
const SAMPLED_EVERY = 5;

/** Frames before any count. A model needs a few to be compiled; reuse also tries out who is faster, and settles. */
export const WARM_UP = {dense: 3, reuse: 16};

/** Runs frames that do not count, as many of these as each side needs. */
export async function warmUp(
  frames: readonly SampledFrame[],
  plane: Plane,
  {dense, reuse, sampled}: Sides,
): Promise<void> {
  const few = pixelsOf(frames.slice(0, WARM_UP.dense));
  await withInputs(dense, plane, few, (inputs) => inputs.map(dense.predict));
  await withInputs(reuse, plane, pixelsOf(frames), (inputs) => runReuse(reuse, frames, inputs));
  for (const side of sampled) await side.play(few);
}

/** Runs the frames through the sides; yields them a chunk at a time, in order. */
export async function* takeTurns(
  frames: Iterable<SampledFrame>,
  plane: Plane,
  sides: Sides,
): AsyncGenerator<Turn, void, undefined> {
  let at = 0;
  for (const chunk of chunks(frames, CHUNK)) {
    const turn = await runChunk(chunk, plane, sides, at % 2 === 0);
    const sampled = await runSampled(chunk, at % SAMPLED_EVERY === 0 ? sides.sampled : []);
    yield {...turn, sampled};
    at++;
  }
}

function* chunks<T>(items: Iterable<T>, length: number): Generator<T[]> {
  let chunk: T[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < length) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** One side after the other, over the same tensors. */
function runChunk(
  frames: readonly SampledFrame[],
  plane: Plane,
  {dense, reuse}: Sides,
  denseFirst: boolean,
): Promise<Omit<Turn, 'sampled'>> {
  return withInputs(dense, plane, pixelsOf(frames), (inputs) => {
    const early = denseFirst ? inputs.map(dense.predict) : null;
    const reused = runReuse(reuse, frames, inputs);
    return {frames, dense: early ?? inputs.map(dense.predict), reuse: reused};
  });
}

function runReuse(
  reuse: Sides['reuse'],
  frames: readonly SampledFrame[],
  inputs: readonly FrameInput[],
): ReuseTimed[] {
  return inputs.map((input, i) => {
    // A cut between stretches is of our making: the game has none there, so reuse starts afresh.
    if (frames[i].first) reuse.cut();
    return reuse.predict(input);
  });
}

async function runSampled(
  frames: readonly SampledFrame[],
  sides: readonly SampledSide[],
): Promise<Turn['sampled']> {
  const outputs = new Map<SampledName, readonly Timed[]>();
  for (const {name, play} of sides) outputs.set(name, await play(pixelsOf(frames)));
  return outputs;
}

function pixelsOf(frames: readonly SampledFrame[]): Float32Array[] {
  return frames.map(({pixels}) => pixels);
}
