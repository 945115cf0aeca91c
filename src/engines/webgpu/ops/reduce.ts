/** Reductions over a whole plane: partial results of blocks of pixels, which a stream keeps, and their total. */
import * as tf from '@tensorflow/tfjs-core';
import {isElementwise, LINEAR, type Activation, type DenseOp, type GlobalPoolOp} from '../../../graph';
import {call, MOST_GROUPS, workFor, type Call} from '../calls';
import {DENSE_BLOCKS, MAXIMUM, POOL_BLOCKS, TOTAL} from '../wgsl/reduce';
import {BLOCKS} from '../wgsl/region';
import {activationOf, needsCommit, targetOf, type OpPlan, type Setting} from './op';
import {channelVectors, inVectors} from './pack';

interface Blocks {
  /** Pixels of a block, and blocks. */
  readonly block: number;
  readonly blocks: number;
  /** Offset of the partial results. */
  readonly partials: number;
}

function blocksOf(setting: Setting, wanted: number): Blocks {
  const {inputs, output} = setting;
  const {pixels} = inputs[0];
  const block = Math.max(wanted, Math.ceil(pixels / MOST_GROUPS));
  const blocks = Math.ceil(pixels / block);
  return {block, blocks, partials: setting.room(blocks * output.vectors)};
}

/** Marks and lists the blocks that hold a changed pixel. */
function reachBlocks({inputs, record}: Setting, {block, blocks}: Blocks): Call {
  const [{mask, rowWords, width, pixels}] = inputs;
  const words = Math.ceil(blocks / 32);
  return call(
    BLOCKS,
    {
      ...{width: blocks, rowWords: words, words, record, tile: 1},
      ...{origin: mask, fromRowWords: rowWords, fromWidth: width, pixels, block},
    },
    workFor(words),
  );
}

const blockParameters = ({inputs, output}: Setting, {block, partials}: Blocks) => ({
  origin: inputs[0].at,
  fromVectors: inputs[0].vectors,
  pixels: inputs[0].pixels,
  block,
  partials,
  vectors: output.vectors,
});

interface Totalling {
  readonly activation: Activation;
  readonly maximum: number;
  readonly bias: number | null;
  readonly factor: number;
}

function reduction(setting: Setting, form: Blocks, blocks: Call, groups: number, how: Totalling): OpPlan {
  const {activation, maximum, bias, factor} = how;
  const total = call(
    TOTAL,
    {
      ...targetOf(setting, 1, needsCommit(setting, activation)),
      ...activationOf(activation),
      ...{partials: form.partials, blocks: form.blocks, maximum, factor},
      bias: bias ?? 0,
      hasBias: bias === null ? 0 : 1,
    },
    [setting.output.vectors, 1, 1],
  );
  return {
    region: reachBlocks(setting, form),
    compute: [blocks, total],
    groups,
    softmax: isElementwise(activation) ? LINEAR : activation,
    single: true,
    tile: 1,
    unit: form.block,
  };
}

/** Vectors of the input in a block of a dense layer: one for each invocation of a workgroup. */
const DENSE_VECTORS = 64;

export function dense(setting: Setting<DenseOp>): OpPlan {
  const {op, inputs, output, record} = setting;
  const general = setting as Setting;
  const [{pixels, vectors, channels}] = inputs;
  const form = blocksOf(general, Math.max(1, Math.round(DENSE_VECTORS / vectors)));
  const size = 4 * pixels * vectors * output.vectors;
  const kernel = setting.weights(size + output.vectors, (weights) => [
    inVectors(tf.reshape(weights['kernel'], [pixels, channels, op.units]), 2),
    channelVectors(weights['bias'], op.units),
  ]);
  const blocks = call(DENSE_BLOCKS, {...blockParameters(general, form), kernel, record}, {record});
  const how = {activation: op.activation, maximum: 0, bias: kernel + size, factor: 1};
  return reduction(general, form, blocks, output.vectors, how);
}

export function globalPool(setting: Setting<GlobalPoolOp>): OpPlan {
  const {op, inputs, record} = setting;
  const general = setting as Setting;
  const {pixels} = inputs[0];
  const maximum = op.mode === 'max' ? MAXIMUM : 0;
  const form = blocksOf(general, Math.min(64, Math.max(4, Math.ceil(Math.sqrt(pixels)))));
  const blocks = call(POOL_BLOCKS, {...blockParameters(general, form), maximum}, {record});
  const factor = maximum ? 1 : 1 / pixels;
  return reduction(general, form, blocks, 1, {activation: LINEAR, maximum, bias: null, factor});
}
