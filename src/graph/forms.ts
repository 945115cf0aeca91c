/** What ops are told of their inputs and tell of their outputs, and how they refuse an input that does not fit. */
import type {Plane, Shape} from './plane';

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

/** Their shapes, for an error. */
export function listOf(forms: readonly KnownForm[]): string {
  return forms.map(({shape}) => `[${shape.join(', ')}]`).join(', ');
}
