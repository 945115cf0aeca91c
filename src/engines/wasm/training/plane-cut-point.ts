/** A plane that is an output itself, as a cut point: its rows are its values, and each frame's gradient goes to all of its pixels. */
import type {ValueLayout} from '../memory/layout';
import type {Workplace} from '../memory/place';
import {readValues} from '../memory/read';
import type {CutPoint} from '../ops/shared/cut-point';

export function planeCutPoint({heap}: Workplace, layout: ValueLayout): CutPoint {
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
          flow.kernels.addPlane(
            buffer,
            flow.at + layout.at,
            rowBytes,
            height,
            width,
            channels,
            flow.gradients,
          );
        },
      };
    },
  };
}
