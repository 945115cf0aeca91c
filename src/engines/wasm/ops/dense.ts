/** Dense layers over a whole value. As a cut point, a dense layer's rows are its sums before the activation. */
import type {DenseOp} from '../../../graph';
import {bindBackward} from '../backward-kernels';
import {bind} from '../kernels';
import {pixelsOf} from '../memory/layout';
import {lastFrames, prefixSums, readTotal, type CutPoint} from './shared/cut-point';
import type {Backward, ReduceImplementation} from './shared/implementation';
import type {ReduceOp, Reduction, Setting} from './shared/op';
import {blocksOf, totalOf} from './shared/reduction';

export const dense: ReduceImplementation<DenseOp> = {reduce};
export const denseBackward: Backward<DenseOp> = {cutPoint};

function reduce(setting: Setting<DenseOp>): ReduceOp {
  const {kernels, scratch, op, inputs} = setting;
  const [input] = inputs;
  const shape = blocksOf(setting, op.units);
  const {pixels, width} = shape;
  const count = pixels * input.channels;
  const {units} = op;
  const weights = setting.weights((count + 1) * units, ({kernel, bias}, into) => {
    into.set(kernel);
    if (bias) into.set(bias, count * units);
  });
  const {blockSize} = shape;
  const addProducts = bind.denseBlocks(kernels, {...input, blockSize, pixels, weights, units});
  const addUp = totalOf(setting, shape, {bias: weights + 4 * count * units, factor: 1, maximum: 0});
  return {
    ...shape,
    weights,
    compute(at, partials, blocks, groups, to) {
      addProducts(scratch.blocks, blocks, at + input.at, partials);
      addUp(partials, groups, to);
    },
    activation: op.activation,
    // A block's weights are read once, and from far away.
    cost: 2 * shape.blockSize * input.channels * width,
  };
}

function cutPoint(setting: Setting<DenseOp>, reduction: Reduction): CutPoint {
  const {heap, scratch, inputs} = setting;
  const [input] = inputs;
  const {width, weights} = reduction.op;
  const {units} = setting.op;
  const values = input.height * input.width * input.channels;
  return {
    size: units,
    read: (at, row) => readTotal(setting, reduction, at, row),
    open(flow) {
      const prefix = prefixSums(setting, flow, units, width);
      const last = lastFrames(setting, flow, input);
      const sums = flow.allocate(4 * values * width);
      const delta = flow.allocate(4 * width * pixelsOf(input));
      const addGradients = bindBackward.denseGradient(flow.kernels, {
        ...input,
        ys: scratch.ys,
        xs: scratch.xs,
        input: flow.at + input.at,
        weights,
        units,
        sumFloats: width,
        prefix,
        last,
        gOffset: flow.gradients,
        needsInput: flow.needsInput ? 1 : 0,
        to: sums,
        row: delta,
      });
      return {
        flush: (frame, count) => addGradients(count, frame),
        gradients() {
          flow.kernels.joinRows(sums, values, width, units);
          const kernel = heap.floats.slice(sums >>> 2, (sums >>> 2) + values * units);
          const total = (prefix >>> 3) + flow.frames * width;
          const bias = Float32Array.from(new Float64Array(heap.octets.buffer, 8 * total, units));
          return {kernel, bias};
        },
      };
    },
  };
}
