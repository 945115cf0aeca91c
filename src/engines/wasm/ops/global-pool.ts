/** Global pools. As a cut point, a global pool's rows are what it gives. */
import {LINEAR, type GlobalPoolOp} from '../../../graph';
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
import type {ReduceImplementation} from './shared/implementation';
import type {ReduceOp, Reduction, Setting} from './shared/op';
import {blocksOf} from './shared/reduction';

export const globalPool: ReduceImplementation<GlobalPoolOp> = {forward, cutPoint};

function forward(setting: Setting<GlobalPoolOp>): ReduceOp {
  const {kernels, scratch, op, inputs} = setting;
  const [input] = inputs;
  const shape = blocksOf(setting, input.channels);
  const {pixels, blocks: allBlocks, groups: allGroups, groupSize, width} = shape;
  const maximum = op.mode === 'max' ? 1 : 0;
  const factor = maximum ? 1 : 1 / pixels;
  return {
    ...shape,
    weights: 0,
    compute(at, partials, blocks, groups, to) {
      kernels.poolBlocks(
        scratch.blocks,
        blocks,
        shape.blockSize,
        pixels,
        input.width,
        at + input.at,
        input.rowBytes,
        input.channels,
        width,
        maximum,
        partials,
      );
      const sums = partials + 4 * allBlocks * width;
      kernels.reduceGroups(scratch.groups, groups, groupSize, allBlocks, width, partials, sums, maximum);
      kernels.reduceTotal(sums, allGroups, width, 0, factor, maximum, to);
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
  const {kernels, scratch, inputs} = setting;
  const [input] = inputs;
  const prefix = prefixSums(setting, flow, input.channels, width);
  const last = lastFrames(setting, flow, input);
  return {
    flush(frame, count) {
      kernels.meanGradient(
        scratch.ys,
        scratch.xs,
        count,
        input.width,
        flow.at + input.at,
        input.rowBytes,
        input.channels,
        prefix,
        width,
        last,
        frame,
        flow.gradients,
        1 / pixelsOf(input),
      );
    },
  };
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
