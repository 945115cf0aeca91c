/** What every op says of itself: its output's shape, the region a change reaches, its multiply-adds. */
import type {Region} from '../region';
import type {Op, Plane, Shape} from './types';

/** Shape and plane of an output; the plane is left out where the shape alone tells it. */
export interface OutputForm {
  readonly shape: Shape | null;
  readonly plane?: Plane;
}

export interface InputForm {
  readonly shape: Shape | null;
  readonly plane: Plane | null;
}

/** An input whose shape is known. */
export interface KnownForm {
  readonly shape: Shape;
  readonly plane: Plane;
}

export interface Rule<O extends Op> {
  /** Shapes of the outputs. Throws with what was wrong and what the op expects. */
  outputs(op: O, inputs: readonly InputForm[]): OutputForm[];
  /** The outputs affected when `changed[i]` of input i changed: never too little. */
  affected(op: O, inputs: readonly KnownForm[], output: KnownForm, changed: readonly Region[]): Region;
  /** Multiply-adds of recomputing `affected` after `changed`. Ops without weights count none. */
  macs(
    op: O,
    inputs: readonly KnownForm[],
    output: KnownForm,
    changed: readonly Region[],
    affected: Region,
  ): number;
}

export const noMacs = (): number => 0;

/** The inputs as forms with a shape, or an error that names the op. */
export function known(kind: string, inputs: readonly InputForm[]): KnownForm[] {
  return inputs.map(({shape, plane}, i) => {
    if (shape === null || plane === null) {
      throw new Error(
        `${kind}: the shape of input ${i} is known only once it is computed; this op needs it before.`,
      );
    }
    return {shape, plane};
  });
}

export function expectRank(kind: string, shape: Shape, rank: number, layout: string): void {
  if (shape.length === rank) return;
  throw new Error(
    `${kind}: expected an input of shape [${layout}], got [${shape.join(', ')}] (without the batch axis).`,
  );
}
