/** A prediction that was asked for: its frames, and everything that can be checked about them before any is computed. */
import type {Tensor} from '@tensorflow/tfjs-core';
import {flag, isPlainObject, noneMisspelt, numeric, object, shown, texts} from '../checks';
import type {Program} from '../engines';
import {isImpure, sizeOf, type Graph} from '../graph';
import type {FrameOptions} from '../stream';
import {copyOfChanged, readChanged, type Changed} from './changed';
import type {Inputs} from './inputs';
import {REUSE_OPTIONS} from './options';
import type {Plans} from './plans';
import type {Wrapped} from './wrapped';

/** Options of one prediction. */
export interface PredictOptions {
  /**
   * What changed since the last frame: a region, rectangles, or a map of these by input name; for T > 1 frames a list
   * of T. It is taken at its word: a pixel it misses stays as it was (`verify` checks it). Left out, frames are compared.
   */
  changed?: Changed | readonly Changed[];
  /** False computes variants of the last committed frame, one a row, and leaves the cache as it was. Default true. */
  commit?: boolean;
  /** As tfjs's own `predict` takes them; neither changes anything here. Any other is ignored, as tfjs does. */
  batchSize?: number;
  verbose?: boolean;
}

const OURS: readonly (keyof PredictOptions)[] = ['changed', 'commit'];

/** What was asked for, before it is known which plan it takes. */
export interface Asked {
  readonly inputs: Inputs;
  /** Names of the outputs to compute. */
  readonly outputs: readonly string[];
}

export interface Request extends Asked {
  readonly program: Program;
  /** One entry a frame. */
  readonly options: readonly FrameOptions[];
}

/** The shapes a plan is made for: without the batch axis where the model is row-wise. */
export function planShapes({rowwise}: Wrapped, {shapes}: Inputs): readonly (readonly number[])[] {
  return rowwise ? shapes.map((shape) => shape.slice(1)) : shapes;
}

export function readRequest(plans: Plans, {inputs, outputs}: Asked, given: PredictOptions | null): Request {
  const {wrapped} = plans;
  const {changed, commit} = readOptions(given, wrapped);
  const {program, places} = plans.get(planShapes(wrapped, inputs), outputs);
  const regions = readChanged(changed, inputs.rows, program.graph, wrapped);
  if (!commit) checkPure(program.graph);
  const optionsOf = (row: number) => ({changed: regions?.[row] ?? null, commit, ...(places && {places})});
  // Most requests are of one frame, and a list made from nothing takes its time.
  const options =
    inputs.rows === 1 ? [optionsOf(0)] : Array.from({length: inputs.rows}, (_, row) => optionsOf(row));
  return {program, inputs, outputs, options};
}

/** The options in objects of our own, for a frame that is computed later. */
export function ownOptions(given: PredictOptions | null, wrapped: Wrapped): PredictOptions {
  const {changed, commit} = readOptions(given, wrapped);
  return {changed: copyOfChanged(changed) as PredictOptions['changed'], commit};
}

/**
 * Options that are not ours are the model's affair, and those of a layers model only looked at as it does itself. It passes over a
 * number or a text in their place; a list, or a region, was meant for us.
 */
function readOptions(given: PredictOptions | null, {castsInputs: isLayersModel}: Wrapped) {
  if (given === null || typeof given !== 'object') return {changed: undefined, commit: true};
  const options = object('predict: options', given, '{changed, commit}');
  noneMisspelt('predict: options', options, OURS, ['batchSize', 'verbose']);
  const misplaced = REUSE_OPTIONS.find((name) => Object.hasOwn(options, name));
  if (misplaced !== undefined)
    throw new Error(
      `predict: '${misplaced}' is an option of withReuse(), for all frames; it has no place here.`,
    );
  const {changed, commit = true, batchSize} = options;
  if (isLayersModel && batchSize != null) numeric('predict: batchSize', batchSize, {least: 1, whole: true});
  return {changed, commit: flag('predict: commit', commit)};
}

function checkPure(graph: Graph): void {
  const impure = graph.nodes.find(isImpure);
  if (!impure) return;
  throw new Error(
    `commit: false computes variants of a frame, and '${impure.name}' may give another result each time it runs ` +
      '(it is not known to be free of state and randomness). Predict with commit: true, or without that layer.',
  );
}

/** Values a frame has in the only output asked for; null where that is known only once it is computed. */
export function outputSize({program: {graph}, options}: Request): number | null {
  const [place] = options[0].places ?? [0];
  const {shape} = graph.values[graph.outputs[place]];
  return shape && sizeOf(shape);
}

/** The outputs a caller names; the model's own where none are named, which is all that a layers model has. */
export function namesOf(named: string | string[] | null | undefined, wrapped: Wrapped): readonly string[] {
  const names = named == null || named === '' ? wrapped.outputNames : listOf(named);
  if (!wrapped.rowwise || names.join() === wrapped.outputNames.join()) return names;
  throw new Error(
    `'${wrapped.name}' gives its own outputs alone (${wrapped.outputNames.join(', ')}); ` +
      `for other layers wrap a model that ends in them: tf.model({inputs, outputs}).`,
  );
}

function listOf(named: string | string[]): readonly string[] {
  if (typeof named === 'string') return [named];
  if (!isPlainObject(named)) return texts('execute: outputs', named, NAMES);
  throw new Error(`execute: outputs must be ${NAMES}; got ${shown(named)}. Options come third.`);
}

const NAMES = 'a name or an array of names';

/** Asked for nothing, a model computes its own outputs, and hands out none. */
export const outputsFor = (names: readonly string[], {outputNames}: Wrapped): readonly string[] =>
  names.length === 0 ? outputNames : names;

export function asExecuted(names: readonly string[], tensors: Tensor[]): Tensor | Tensor[] {
  if (names.length > 0) return tensors.length === 1 ? tensors[0] : tensors;
  tensors.forEach((tensor) => tensor.dispose());
  // As tfjs does, whose type leaves it out too.
  return undefined as unknown as Tensor;
}

export function checkOut(out: Float32Array | undefined, length: number): void {
  if (out === undefined) return;
  if (!(out instanceof Float32Array))
    throw new Error(
      `run(): 'out' must be a Float32Array, which holds what the model computes; got ${shown(out)}.`,
    );
  if (out.length === length) return;
  throw new Error(`run(): 'out' needs ${length} values, has ${out.length}.`);
}
