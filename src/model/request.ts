/** A prediction that was asked for: its frames, and everything that can be checked about them before any is computed. */
import type {Program} from '../engines';
import {sizeOf, type Graph} from '../graph';
import type {FrameOptions} from '../stream';
import {readChanged, type Changed} from './changed';
import type {Inputs} from './inputs';
import {onlyKnown} from './known';
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
  /** As tfjs's own `predict` takes them; neither changes anything here. */
  batchSize?: number;
  verbose?: boolean;
}

const OPTIONS: readonly (keyof PredictOptions)[] = ['changed', 'commit', 'batchSize', 'verbose'];

export interface Request {
  readonly program: Program;
  readonly inputs: Inputs;
  /** Names of the outputs to compute. */
  readonly outputs: readonly string[];
  /** One entry a frame. */
  readonly options: readonly FrameOptions[];
}

/** The shapes a plan is made for: without the batch axis where the model is row-wise. */
export function planShapes({rowwise}: Wrapped, {shapes}: Inputs): readonly (readonly number[])[] {
  return rowwise ? shapes.map((shape) => shape.slice(1)) : shapes;
}

export function readRequest(
  plans: Plans,
  inputs: Inputs,
  outputs: readonly string[],
  given: PredictOptions,
): Request {
  onlyKnown('predict: options', given, OPTIONS);
  const {changed, commit = true} = given;
  const {wrapped} = plans;
  const program = plans.get(planShapes(wrapped, inputs), outputs);
  const regions = readChanged(changed, inputs.rows, program.graph, wrapped);
  if (!commit) checkPure(program.graph);
  const options = Array.from({length: inputs.rows}, (_, row) => ({changed: regions?.[row] ?? null, commit}));
  return {program, inputs, outputs, options};
}

function checkPure(graph: Graph): void {
  const impure = graph.nodes.find(({op}) => op.kind === 'external' && !op.pure);
  if (!impure) return;
  throw new Error(
    `commit: false computes variants of a frame, and '${impure.name}' may give another result each time it runs ` +
      '(it is not known to be free of state and randomness). Predict with commit: true, or without that layer.',
  );
}

/** Values a frame has in the only output; null where that is known only once it is computed. */
export function outputSize({values, outputs}: Graph): number | null {
  const {shape} = values[outputs[0]];
  return shape && sizeOf(shape);
}

/** The outputs a caller names; the model's own where none are named, which is all that a layers model has. */
export function namesOf(named: string | string[] | undefined, wrapped: Wrapped): readonly string[] {
  const names = named === undefined ? wrapped.outputNames : [named].flat();
  if (!wrapped.rowwise || names.join() === wrapped.outputNames.join()) return names;
  throw new Error(
    `execute() of '${wrapped.name}' gives its own outputs (${wrapped.outputNames.join(', ')}); ` +
      `for other layers wrap a model that ends in them: tf.model({inputs, outputs}).`,
  );
}

export function checkOut(out: Float32Array | undefined, length: number): void {
  if (!out || out.length === length) return;
  throw new Error(`run(): 'out' needs ${length} values, has ${out.length}.`);
}
