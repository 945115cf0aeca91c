/** One side's turn: frames in, times and results out. */
import type {Plane} from '../examples/atari/preprocess';
import {withInputs} from '../examples/atari/sides/inputs';
import {settle} from '../examples/atari/sides/settle';
import type {Timed} from '../examples/atari/sides/side';
import type {Frames} from './frames';
import {startCost, type Cost} from './measure/cost';
import type {EnergyMeter} from './measure/energy';
import type {Side} from './sides';

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

/** The results alone. */
export async function predictAll(side: Side, plane: Plane, frames: Frames): Promise<Float32Array[]> {
  const {outputs} = await takeTurn(side, plane, frames, null);
  return outputs.map(({values}) => values);
}

/** The order of a round's turns: each time another one begins. */
export function rotated<T>(items: readonly T[], by: number): T[] {
  const at = by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}
