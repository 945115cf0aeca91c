/**
 * x where it is positive, and x · alpha elsewhere. Weight: `alpha`, of the input's shape or with 1 where an axis is shared; of
 * axes that fold into the height, all or none.
 */
import {noHalo, noMacs, samePixels, TAKES_NOTHING, type OpDefinition} from '../definition';
import {known} from '../forms';
import {sizeOf, type Plane, type Shape} from '../plane';
import {readsSame} from '../reads';

export interface PreluOp {
  readonly kind: 'prelu';
  /** Whether alpha, whatever its shape, is taken value by value, round and round over the whole input. */
  readonly repeats?: boolean;
}

/**
 * The number of the slope that each of the plane's values has in a PReLU; null where all pixels share one a channel.
 * @param shape alpha's
 */
export function slopesOf({repeats = false}: PreluOp, shape: Shape, plane: Plane): Int32Array | null {
  const {height, width, channels} = plane;
  const count = sizeOf(shape);
  if (count === channels && (repeats || shape[shape.length - 1] === channels)) return null;
  const size = height * width * channels;
  if (repeats || count === size) return Int32Array.from({length: size}, (_, i) => i % count);
  const [columns, depth] = [1, 1, ...shape].slice(-2);
  const rows = count / (columns * depth);
  return Int32Array.from({length: size}, (_, i) => {
    const pixel = Math.floor(i / channels);
    const y = rows === 1 ? 0 : Math.floor(pixel / width);
    const x = columns === 1 ? 0 : pixel % width;
    return (y * columns + x) * depth + (depth === 1 ? 0 : i % channels);
  });
}

export const prelu: OpDefinition<PreluOp> = {
  outputs: ({kind}, inputs) => known(kind, inputs).slice(0, 1),
  affected: samePixels,
  macs: noMacs,
  reads: readsSame,
  halo: noHalo,
  effect: () => 'pointwise',
  takes: TAKES_NOTHING,
  gradient: () => 'pixels',
  handsOn: () => false,
  filter: null,
  countedBy: 'outputs',
  isComputed: true,
};
