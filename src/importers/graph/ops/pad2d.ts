/** Paddings, with one value or mirrored. */
import {imageAt, moved} from '../image';
import {constantAt, numberAt, type NodeImporter, type NodeUse} from '../use';
import {toPlan, type View} from '../view';

type Pairs = readonly (readonly [number, number])[];

/** Paddings by the plan's axes; null where there are none, or the batch axis is padded. */
function paddingsOf(use: NodeUse, view: View): Pairs | null {
  const constant = constantAt(use, 1);
  if (constant?.shape.join() !== `${view.shape.length},2`) return null;
  const flat = Array.from(constant.values());
  if (!flat.every((side) => Number.isInteger(side) && side >= 0)) return null;
  const pairs = toPlan(
    view,
    view.shape.map((_, i): [number, number] => [flat[2 * i], flat[2 * i + 1]]),
  );
  return pairs[0][0] === 0 && pairs[0][1] === 0 ? pairs : null;
}

const isNone = ([before, after]: readonly [number, number]) => before === 0 && after === 0;

/** Around the image with zeros or another value; behind its channels with zeros. */
export const pad: NodeImporter = (use) => {
  const image = imageAt(use);
  const pairs = image && paddingsOf(use, image.view);
  const fill = use.node.op === 'PadV2' ? numberAt(use, 2) : use.attributes.number('constant_value', 0);
  if (!pairs || fill === null) return null;
  const [, rows, columns, channels] = pairs;
  if (!isNone(channels)) {
    if (!isNone(rows) || !isNone(columns) || fill !== 0) return null;
    const [before, after] = channels;
    return moved(use, image!, {kind: 'padChannels', before, after});
  }
  if (fill === 0) {
    return moved(use, image!, {
      kind: 'pad2d',
      top: rows[0],
      bottom: rows[1],
      left: columns[0],
      right: columns[1],
    });
  }
  const along = (size: number, [before, after]: readonly [number, number]) =>
    Array.from({length: before + size + after}, (_, i) =>
      i < before || i >= before + size ? -1 : i - before,
    );
  const {height, width} = image!;
  return moved(use, image!, {
    kind: 'gather2d',
    rows: along(height, rows),
    columns: along(width, columns),
    fill,
  });
};

export const mirrorPad: NodeImporter = (use) => {
  const image = imageAt(use);
  const pairs = image && paddingsOf(use, image.view);
  if (!pairs || !isNone(pairs[3])) return null;
  const mode = use.attributes.string('mode');
  if (mode !== 'REFLECT' && mode !== 'SYMMETRIC') return null;
  const skip = mode === 'REFLECT' ? 1 : 0;
  // What is mirrored has to be there.
  const most = [image!.height, image!.width].map((size) => size - skip);
  if (most.some((side, axis) => Math.max(...pairs[axis + 1]) > side)) return null;
  const along = (size: number, [before, after]: readonly [number, number]) =>
    Array.from({length: before + size + after}, (_, i) => {
      const at = i - before;
      if (at < 0) return -at - 1 + skip;
      return at < size ? at : 2 * size - 1 - at - skip;
    });
  const {height, width} = image!;
  return moved(use, image!, {
    kind: 'gather2d',
    rows: along(height, pairs[1]),
    columns: along(width, pairs[2]),
    fill: 0,
  });
};
