/** Masks of changed pixels that follow from those of an op's inputs: the same pixels, or these moved. */
import type {Plane} from '../../../../graph';
import type {Pair} from '../../../../region';
import {bind} from '../../kernels';
import type {Heap} from '../../memory/heap';
import type {ValueLayout} from '../../memory/layout';
import type {PixelOp, Setting} from './op';

export function clearMask(heap: Heap, at: number, {mask, maskWords}: ValueLayout): void {
  const first = (at + mask) >>> 2;
  heap.ints.fill(0, first, first + maskWords);
}

/** An output pixel needs only the same pixel of each input. */
export function reachSamePixels({kernels, heap, inputs, output}: Setting): PixelOp['reach'] {
  return (at, changed) => {
    clearMask(heap, at, output);
    inputs.forEach(({mask, maskWords}, i) => {
      if (changed[i]) kernels.uniteMask(at + mask, at + output.mask, maskWords);
    });
  };
}

/** The sizes of two planes by the names that kernels have for them. */
export const sizesOf = ({height, width}: Plane, {height: outHeight, width: outWidth}: Plane) => ({
  height,
  width,
  outHeight,
  outWidth,
});

/** Marks where an input's changed pixels lie in the output, which begins (dy, dx) before the input does. */
export function translateInto(
  {kernels, scratch, output}: Setting,
  input: ValueLayout,
  [dy, dx]: Pair,
): (at: number) => void {
  const {rows, rowBytes, guard} = scratch;
  const sizes = sizesOf(input, output);
  const translate = bind.translateMask(kernels, {...sizes, dy, dx, rows, rowBytes, guard});
  return (at) => translate(at + input.mask, at + output.mask);
}
