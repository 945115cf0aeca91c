/** Steps of random graph models that move values elsewhere. */
import {isImage, sizeOf, type Grow} from './builder';

export const concat: Grow = (builder, from, beside) => {
  const {length} = from.shape;
  const differs = from.shape.flatMap((side, axis) => (side !== beside.shape[axis] ? [axis] : []));
  if (length !== beside.shape.length || differs.length > 1 || differs[0] === 0) return null;
  const axis = differs[0] ?? length - 1;
  const shape = from.shape.map((side, i) => (i === axis ? side + beside.shape[i] : side));
  return builder.add('ConcatV2', [from.name, beside.name, builder.graph.integers([axis], [])], shape, {N: 2});
};

export const pad: Grow = (builder, from, _, choose) => {
  if (!isImage(from)) return null;
  const [, height, width, channels] = from.shape;
  if (Math.min(height, width) < 3) return null;
  const [top, right] = [choose(0, 1, 2), choose(0, 1)];
  const pairs = builder.graph.integers([0, 0, top, 1, 0, right, 0, 0], [4, 2]);
  const shape = [1, height + top + 1, width + right, channels];
  const how = choose(0, 1, 2, 3);
  if (how === 0) return builder.add('Pad', [from.name, pairs], shape);
  if (how === 1) return builder.add('PadV2', [from.name, pairs, builder.graph.floats([], [0.5])], shape);
  return builder.add('MirrorPad', [from.name, pairs], shape, {mode: how === 2 ? 'REFLECT' : 'SYMMETRIC'});
};

export const resize: Grow = (builder, from, _, choose) => {
  if (!isImage(from) || from.shape[1] > 12) return null;
  const size = [from.shape[1] * choose(1, 2), Math.max(1, from.shape[2] + choose(-1, 0, 3))];
  const how = choose(0, 1, 2);
  const flags = {align_corners: how === 1, half_pixel_centers: how === 2};
  const op = choose(0, 1) ? 'ResizeBilinear' : 'ResizeNearestNeighbor';
  return builder.add(op, [from.name, builder.graph.integers(size)], [1, ...size, from.shape[3]], flags);
};

export const depth: Grow = (builder, from) => {
  if (!isImage(from) || from.shape[3] % 4 !== 0 || from.shape[1] > 10) return null;
  const [, height, width, channels] = from.shape;
  const shape = [1, 2 * height, 2 * width, channels / 4];
  return builder.add('DepthToSpace', [from.name], shape, {block_size: 2, data_format: 'NHWC'});
};

export const slice: Grow = (builder, from, _, choose) => {
  const axis = choose(...from.shape.keys());
  const side = from.shape[axis];
  if (axis === 0 || side < 2) return null;
  const begin = from.shape.map((_side, i) => (i === axis ? 1 : 0));
  if (choose(0, 1)) {
    const shape = from.shape.map((other, i) => (i === axis ? other - 1 : other));
    const sizes = builder.graph.integers(shape);
    return builder.add('Slice', [from.name, builder.graph.integers(begin), sizes], shape);
  }
  const step = from.shape.map((_side, i) => (i === axis ? 2 : 1));
  const shape = from.shape.map((other, i) => (i === axis ? Math.ceil((other - 1) / 2) : other));
  const lists = [begin, from.shape, step].map((list) => builder.graph.integers(list));
  return builder.add('StridedSlice', [from.name, ...lists], shape);
};

export const split: Grow = (builder, from, _, choose) => {
  const axis = from.shape.length - 1;
  if (from.shape[axis] % 2 !== 0) return null;
  const shape = from.shape.map((side, i) => (i === axis ? side / 2 : side));
  const made = builder.add('Split', [builder.graph.integers([axis], []), from.name], shape, {num_split: 2});
  const second = {name: `${made.name}:1`, shape};
  builder.made.push(choose(0, 1) ? made : second);
  return choose(0, 1) ? second : made;
};

export const transpose: Grow = (builder, from, _, choose) => {
  const orders: Record<number, number[][]> = {
    2: [[0, 1]],
    3: [[0, 2, 1]],
    4: [
      [0, 3, 1, 2],
      [0, 2, 3, 1],
      [0, 2, 1, 3],
    ],
  };
  const order = orders[from.shape.length]?.[choose(0, 1, 2) % orders[from.shape.length].length];
  if (!order) return null;
  return builder.add(
    'Transpose',
    [from.name, builder.graph.integers(order)],
    order.map((axis) => from.shape[axis]),
  );
};

export const reshape: Grow = (builder, from, _, choose) => {
  const [batch, ...rest] = from.shape;
  const size = sizeOf(rest);
  const last = rest[rest.length - 1];
  const shapes = [
    [1, size],
    [1, size / last, last],
    [1, rest[0], size / rest[0]],
    [1, size, 1],
  ];
  const shape = batch === 1 ? shapes[choose(0, 1, 2, 3)] : [1, sizeOf(from.shape)];
  return builder.add('Reshape', [from.name, builder.graph.integers(shape)], shape);
};

/** Back to an image, so that convolutions find one. */
export const fold: Grow = (builder, from) => {
  const size = sizeOf(from.shape);
  if (from.shape.length === 4 || size % 4 !== 0) return null;
  const shape = [1, 2, size / 4, 2];
  return builder.add('Reshape', [from.name, builder.graph.integers(shape)], shape);
};

export const squeezed: Grow = (builder, from, _, choose) => {
  const graph = builder.graph;
  const flat = graph.node('Squeeze', [from.name], {squeeze_dims: [0]});
  const inner = choose(0, 1) ? graph.node('Sigmoid', [flat]) : flat;
  return builder.add('ExpandDims', [inner, graph.integers([0], [])], from.shape);
};
