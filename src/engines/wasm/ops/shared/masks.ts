/** Masks of changed pixels that follow from those of an op's inputs: the same pixels, or these moved. */
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

/** Marks where an input's changed pixels lie in the output, which begins (dy, dx) before the input does. */
export function translateInto(
  {kernels, scratch, output}: Setting,
  at: number,
  input: ValueLayout,
  dy: number,
  dx: number,
): void {
  kernels.translateMask(
    at + input.mask,
    input.height,
    input.width,
    at + output.mask,
    output.height,
    output.width,
    dy,
    dx,
    scratch.rows,
    scratch.rowBytes,
    scratch.guard,
  );
}
