/** Padding with zeros, and cropping. */
import type {PadOp} from '../../../graph';
import {PADDING} from '../memory/kernels/gather';
import type {PortableOp} from './op';

export const pad2d: PortableOp<PadOp> = {
  update(step) {
    const [input] = step.inputs;
    const {height, width} = input.plane;
    const {top, left} = step.op;
    step.patchwise(step.pixelCost, ({pixels}) => {
      const from = pixels.map((pixel) => {
        const row = Math.floor(pixel / step.output.plane.width);
        const y = row - top;
        const x = pixel - row * step.output.plane.width - left;
        return y >= 0 && y < height && x >= 0 && x < width ? y * width + x : PADDING;
      });
      return step.readList(input, from);
    });
  },
  whole: null,
};
