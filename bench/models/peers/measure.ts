/** Sides take turns over the same frames, each round in another order. What their outputs are good for is not asked here. */
import {frameTime} from '../../measure/statistics';
import {rotated} from '../../turn';
import type {PeerSide} from './side';

/** Frames before any count: the models need a few to be compiled; reuse also tries out who is faster, and settles. */
const WARM_UP = 12;

export interface Played {
  readonly side: PeerSide;
  /** Of a frame: its median over the rounds, and the mean of these, so that what disturbs a round does not count. */
  readonly ms: number;
  /** Of each frame in the last round. */
  readonly outputs: readonly (readonly Float32Array[])[];
}

/** @param frames two or more: the first of a round follows no other, and does not count */
export async function measureSides(
  sides: readonly PeerSide[],
  frames: readonly Float32Array[],
  rounds: number,
): Promise<Played[]> {
  for (const side of sides) await side.play(frames.slice(0, WARM_UP));
  const logs = sides.map((side) => ({side, times: [] as number[][], outputs: [] as Played['outputs']}));
  for (let round = 0; round < rounds; round++) {
    for (const log of rotated(logs, round)) {
      const predictions = await log.side.play(frames);
      log.times.push(predictions.slice(1).map(({ms}) => ms));
      log.outputs = predictions.map(({outputs}) => outputs);
    }
  }
  return logs.map(({side, times, outputs}) => ({side, ms: frameTime(times, 'steady'), outputs}));
}
