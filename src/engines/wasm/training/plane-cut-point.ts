/** A plane that is an output itself, as a cut point: its rows are its values, and each frame's gradient goes to all of its pixels. */
import type {ValueLayout} from '../layout';
import type {CutPoint} from '../ops/shared/cut-point';
import {readValues} from '../read';
import type {Workplace} from '../step';

export function planeCutPoint({kernels, heap}: Workplace, layout: ValueLayout): CutPoint {
  const {height, width, channels, rowBytes} = layout;
  const size = height * width * channels;
  return {
    size,
    read(at, row) {
      readValues(heap, at, layout, row);
    },
    open(flow) {
      if (!flow.needsInput) return {};
      const buffer = flow.allocate(4 * size);
      return {
        enter(frame) {
          heap.floats.set(flow.rows.subarray(frame * size, (frame + 1) * size), buffer >>> 2);
          kernels.addPlane(buffer, flow.at + layout.at, rowBytes, height, width, channels, flow.gradients);
        },
      };
    },
  };
}
