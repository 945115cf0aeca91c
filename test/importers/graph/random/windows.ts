/** Steps of random graph models that slide a window: convolutions and pools. */
import {windowed} from '../tf-graph';
import {isImage, type Grow, type Made} from './builder';

const cells = (size: number, kernel: number, stride: number, same: boolean) =>
  same ? Math.ceil(size / stride) : Math.floor((size - kernel) / stride) + 1;

/** A window that fits: its sides, strides, dilations and whether the padding is SAME. */
function windowFor({shape: [, height, width]}: Made, choose: (...options: number[]) => number) {
  const least = Math.min(height, width);
  const kernel = Math.min(choose(1, 2, 3, 3), least);
  const stride = choose(1, 1, 2);
  const dilation = stride === 1 && least >= 2 * kernel ? choose(1, 1, 2) : 1;
  const same = choose(0, 1) === 1 || (kernel - 1) * dilation + 1 > least;
  const reach = (kernel - 1) * dilation + 1;
  return {
    kernel,
    sides: [cells(height, reach, stride, same), cells(width, reach, stride, same)],
    attributes: windowed({
      strides: [1, stride, stride, 1],
      dilations: [1, dilation, dilation, 1],
      padding: same ? 'SAME' : 'VALID',
    }),
  };
}

export const conv: Grow = (builder, from, _, choose) => {
  if (!isImage(from)) return null;
  const {kernel, sides, attributes} = windowFor(from, choose);
  const filters = choose(1, 2, 4, 5);
  const filter = builder.graph.floats([kernel, kernel, from.shape[3], filters]);
  const shape = [1, ...sides, filters];
  const fused = choose(0, 1, 2);
  if (fused === 0) return builder.add('Conv2D', [from.name, filter], shape, attributes);
  const ops = fused === 1 ? ['BiasAdd'] : ['BiasAdd', ['Relu', 'Relu6', 'Elu'][choose(0, 1, 2)]];
  const inputs = [from.name, filter, builder.graph.floats([filters])];
  return builder.add('_FusedConv2D', inputs, shape, {...attributes, fused_ops: ops, num_args: 1});
};

export const depthwise: Grow = (builder, from, _, choose) => {
  if (!isImage(from)) return null;
  const {kernel, sides, attributes} = windowFor(from, choose);
  const multiplier = choose(1, 1, 2);
  const filter = builder.graph.floats([kernel, kernel, from.shape[3], multiplier]);
  return builder.add(
    'DepthwiseConv2dNative',
    [from.name, filter],
    [1, ...sides, from.shape[3] * multiplier],
    attributes,
  );
};

export const backwards: Grow = (builder, from, _, choose) => {
  if (!isImage(from) || from.shape[1] > 8) return null;
  const [, height, width, channels] = from.shape;
  const [kernel, stride] = [choose(2, 3), choose(1, 2)];
  // From one channel to one, TensorFlow's own results are wrong (with oneDNN, as it comes).
  const filters = channels === 1 ? 3 : choose(1, 3);
  const shape = [1, height * stride, width * stride, filters];
  const filter = builder.graph.floats([kernel, kernel, filters, channels]);
  const attributes = windowed({strides: [1, stride, stride, 1]});
  return builder.add(
    'Conv2DBackpropInput',
    [builder.graph.integers(shape), filter, from.name],
    shape,
    attributes,
  );
};

export const pool: Grow = (builder, from, _, choose) => {
  if (!isImage(from)) return null;
  const {kernel, sides, attributes} = windowFor(from, choose);
  const op = choose(0, 1) ? 'MaxPool' : 'AvgPool';
  const {dilations} = attributes as {dilations: number[]};
  if (dilations[1] > 1) return null;
  return builder.add(op, [from.name], [1, ...sides, from.shape[3]], {
    ...attributes,
    ksize: [1, kernel, kernel, 1],
  });
};
