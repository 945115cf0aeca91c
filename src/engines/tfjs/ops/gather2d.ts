/** Pixels read by a table of rows and one of columns. */
import type {GatherOp} from '../../../graph';
import {PADDING} from '../memory/kernels/gather';
import type {PortableOp} from './op';

export const gather2d: PortableOp<GatherOp> = {
  update(step) {
    const {op, inputs, output} = step;
    const [input] = inputs;
    step.patchwise(step.pixelCost, ({pixels}) => {
      const from = pixels.map((pixel) => {
        const y = op.rows[Math.floor(pixel / output.plane.width)];
        const x = op.columns[pixel % output.plane.width];
        return y < 0 || x < 0 ? PADDING : y * input.plane.width + x;
      });
      return step.readList(input, from, op.fill);
    });
  },
  whole: null,
};
