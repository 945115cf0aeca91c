/** What an op is to this engine, and what it is compiled from. */
import type {Tensor} from '@tensorflow/tfjs-core';
import type {Activation, Node, Op} from '../../../graph';
import type {WeightTensors} from '../../shared/weights';
import {call, MOST_GROUPS, workFor, type Call} from '../calls';
import type {ValueLayout} from '../layout';
import {ACTIVATION_NAMES, isElementwise, LINEAR} from '../../../graph';
import {SAME} from '../wgsl/region';

/** What a node's op is compiled from. */
export interface Setting<O extends Op = Op> {
  readonly node: Node<O>;
  readonly op: O;
  readonly inputs: readonly ValueLayout[];
  readonly output: ValueLayout;
  /** Offset of the node's control record, in words. */
  readonly record: number;
  /** Whether pixels can only be judged as a whole, for a threshold. */
  readonly hasThreshold: boolean;
  readonly weightShapes: Readonly<Record<string, readonly number[]>>;
  /**
   * Reserves room for packed weights, in vectors; `pack` gives tensors of as many values in all, one after the other,
   * now and whenever a weight changes. Returns its offset, in vectors.
   */
  weights(vectors: number, pack: (weights: WeightTensors) => Tensor[]): number;
  /** Writes constants; returns their offset, in words. */
  table(values: readonly number[]): number;
  /** Room of its own in each stream's activations; returns its offset, in vectors. */
  room(vectors: number): number;
}

/** One op: what it reaches, and how that is computed. */
export interface OpPlan {
  /** Marks and lists what a change reaches. */
  readonly region: Call;
  /** Computes what is listed. */
  readonly compute: readonly Call[];
  /** Workgroups in y of the indirect dispatches. */
  readonly groups: number;
  /** What of the activation is left to whoever commits whole pixels. */
  readonly softmax: Activation;
  /** Whether the output is one pixel that stands in no list: a reduction's. */
  readonly single: boolean;
  /** Pixels of a workgroup. */
  readonly tile: number;
  /** Pixels computed together, of which a last few cost as much as all: an output's, or a reduction's input's. */
  readonly unit: number;
}

/** What all kernels know of where their results go. */
export function targetOf({output, record}: Setting, tile: number, toScratch: boolean) {
  return {
    out: output.at,
    vectors: output.vectors,
    channels: output.channels,
    width: output.width,
    mask: output.mask,
    rowWords: output.rowWords,
    record,
    tile,
    toScratch: toScratch ? 1 : 0,
  };
}

/** What a region kernel knows of the output. */
export function regionOf({output, record}: Setting, tile: number) {
  return {
    width: output.width,
    rowWords: output.rowWords,
    words: output.maskWords,
    record,
    tile,
  };
}

export const regionWork = ({maskWords}: ValueLayout) => workFor(maskWords);

/** An activation as parameters: what needs whole pixels is left out. */
export function activationOf(activation: Activation): {activation: number; parameter: number} {
  const {name, parameter = 0} = isElementwise(activation) ? activation : LINEAR;
  return {activation: ACTIVATION_NAMES.indexOf(name), parameter};
}

/** Vectors that the invocations of a workgroup share out among each other. */
const VECTORS_A_GROUP = 256;

/** Pixels of a workgroup of an op that computes vector by vector. */
export function tileOf({vectors, pixels}: ValueLayout): number {
  const tile = Math.min(64, Math.max(1, Math.round(VECTORS_A_GROUP / vectors)));
  return Math.max(tile, Math.ceil(pixels / MOST_GROUPS));
}

/** Whether results go through scratch. */
export const needsCommit = ({hasThreshold}: Setting, activation: Activation): boolean =>
  hasThreshold || !isElementwise(activation);

/** Reaches the same pixel as changed in any of these inputs; of one that is a single pixel, all. */
export function reachSame(setting: Setting, tile: number, shared: readonly boolean[]): Call {
  const entries = setting.inputs.flatMap(({mask}, i) => [mask, shared[i] ? 1 : 0]);
  const inputs = setting.table(entries);
  const {length: count} = setting.inputs;
  return call(SAME, {...regionOf(setting, tile), inputs, count}, regionWork(setting.output));
}

/** The plan of an op that computes vector by vector, and nothing after that. */
export function pixelwise(
  setting: Setting,
  region: (tile: number) => Call,
  compute: (target: ReturnType<typeof targetOf>) => Call,
  activation: Activation = LINEAR,
): OpPlan {
  const tile = tileOf(setting.output);
  const toScratch = needsCommit(setting, activation);
  return {
    region: region(tile),
    compute: [compute(targetOf(setting, tile, toScratch))],
    groups: 1,
    softmax: isElementwise(activation) ? LINEAR : activation,
    single: false,
    tile,
    unit: 1,
  };
}
