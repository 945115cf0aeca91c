/** Global pools. As a cut point, a global pool's rows are what it gives. */
import {LINEAR, type GlobalPoolOp} from '../../../graph';
import {bindBackward} from '../backward-kernels';
import {bind} from '../kernels';
import type {Heap} from '../memory/heap';
import {pixelsOf, type ValueLayout} from '../memory/layout';
import {
  lastFrames,
  prefixSums,
  readTotal,
  type BackwardCutPoint,
  type CutPoint,
  type CutPointFlow,
} from './shared/cut-point';
import type {Backward, ReduceImplementation} from './shared/implementation';
import type {ReduceOp, Reduction, Setting} from './shared/op';
import {blocksOf, POOLED, totalOf} from './shared/reduction';

export const globalPool: ReduceImplementation<GlobalPoolOp> = {reduce};
export const globalPoolBackward: Backward<GlobalPoolOp> = {cutPoint};

function reduce(setting: Setting<GlobalPoolOp>): ReduceOp {
  const {kernels, scratch, op, inputs} = setting;
  const [input] = inputs;
  const shape = blocksOf(setting, input.channels, POOLED);
  const {pixels, width, blockSize} = shape;
  const maximum = op.mode === 'max' ? 1 : 0;
  const pool = bind.poolBlocks(kernels, {...input, blockSize, pixels, sumFloats: width, maximum});
  const addUp = totalOf(setting, shape, {bias: 0, factor: maximum ? 1 : 1 / pixels, maximum});
  return {
    ...shape,
    weights: 0,
    compute(at, partials, blocks, groups, to) {
      pool(scratch.blocks, blocks, at + input.at, partials);
      addUp(partials, groups, to);
    },
    activation: LINEAR,
    cost: 2 * shape.blockSize * input.channels,
  };
}

function cutPoint(setting: Setting<GlobalPoolOp>, reduction: Reduction): CutPoint {
  const backward = setting.op.mode === 'max' ? backwardMax : backwardMean;
  return {
    size: setting.inputs[0].channels,
    read: (at, row) => readTotal(setting, reduction, at, row),
    open: (flow) => (flow.needsInput ? backward(setting, flow, reduction) : {}),
  };
}

function backwardMean(setting: Setting, flow: CutPointFlow, {op: {width}}: Reduction): BackwardCutPoint {
  const {scratch, inputs} = setting;
  const [input] = inputs;
  const addGradients = bindBackward.meanGradient(flow.kernels, {
    ...input,
    ys: scratch.ys,
    xs: scratch.xs,
    input: flow.at + input.at,
    prefix: prefixSums(setting, flow, input.channels, width),
    sumFloats: width,
    last: lastFrames(setting, flow, input),
    gOffset: flow.gradients,
    factor: 1 / pixelsOf(input),
  });
  return {flush: (frame, count) => addGradients(count, frame)};
}

/** All pixels that hold a channel's maximum get a frame's gradient, as tf.max has it; looked for anew only after a break. */
function backwardMax({heap, inputs: [input]}: Setting, flow: CutPointFlow): BackwardCutPoint {
  const {channels} = input;
  let largest: readonly number[][] | null = null;
  return {
    enter(frame) {
      largest ??= findLargest(heap, input, flow.at);
      const {floats} = heap;
      largest.forEach((places, c) => {
        for (const place of places) floats[place + (flow.gradients >> 2)] += flow.rows[frame * channels + c];
      });
    },
    flush() {
      largest = null;
    },
  };
}

/** Where in the heap, in floats, each channel's largest values lie. */
function findLargest(
  {floats}: Heap,
  {at: offset, height, width, channels, rowBytes}: ValueLayout,
  at: number,
): number[][] {
  const first = (at + offset) >>> 2;
  const places = Array.from({length: channels}, (): number[] => []);
  const most = new Float32Array(channels).fill(-Infinity);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = first + y * (rowBytes >>> 2) + x * channels;
      for (let c = 0; c < channels; c++) {
        const value = floats[pixel + c];
        if (value > most[c]) places[c] = [];
        else if (value !== most[c]) continue;
        most[c] = value;
        places[c].push(pixel + c);
      }
    }
  }
  return places;
}
