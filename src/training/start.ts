/** Starting an episode: what may be recorded, and what is refused before anything is changed. */
import type {Tensor} from '@tensorflow/tfjs-core';
import {numeric} from '../checks';
import type {Program, Recording, RecordOptions} from '../engines';
import {isImpure, isVariable} from '../graph';
import {Episode} from './episode';
import {headOf} from './head';
import {splitGraph} from './split';

/** What is recorded, and how its outputs are handed out. */
export interface EpisodeSource<P> {
  readonly name: string;
  readonly program: Program;
  /** Names of the variables whose gradients are wanted. */
  readonly trainable: ReadonlySet<string>;
  /** Starts the record of the stream's frames. */
  record(options: RecordOptions): Recording;
  /** Ends it. */
  stop(): void;
  /** @throws where a frame is under way that is not recorded yet */
  checkIdle(): void;
  /** Outputs in the form `predict` returns them. */
  pack(outputs: Tensor[]): P;
}

/** What `record()` takes. */
export interface RecordSettings {
  /** Most bytes the episode holds, of what frames overwrote and of their outputs. Default: what memory there is. */
  maxBytes?: number;
}

/** @throws where there is nothing to train, or a gradient cannot be had; names the layer */
export function startEpisode<P>(
  source: EpisodeSource<P>,
  {maxBytes = Infinity}: RecordSettings = {},
): Episode<P> {
  numeric('record(): maxBytes', maxBytes, {above: 0, orInfinity: true});
  const {graph} = source.program;
  const weights = new Set(
    graph.weights.flatMap((weight, index) =>
      isVariable(weight) && source.trainable.has(weight.name) ? [index] : [],
    ),
  );
  if (weights.size === 0) {
    throw new Error(
      `record(): '${source.name}' has no trainable weight. A graph model's weights are constants; of a layers model, set ` +
        'layer.trainable = true for the layers to train.',
    );
  }
  const impure = graph.nodes.find(isImpure);
  if (impure) {
    throw new Error(
      `record(): '${impure.name}' may give another result each time it runs (it is not known to be free of state and ` +
        'randomness), so that recorded frames can have no backward pass.',
    );
  }
  const split = splitGraph(graph);
  const head = headOf(graph, split);
  return new Episode(source, {
    weights,
    split,
    head,
    recording: source.record({weights, cutPoints: split.cutPoints, maxBytes}),
  });
}
