/** `withReuse`: the one function users need. */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {layers, type LayersModel} from '@tensorflow/tfjs-layers';
import {allEngines, prepareEngines, type Threshold} from './engines';
import {plainLayer} from './importers';
import {Reuse} from './layers';
import {
  cannotWrap,
  hasLayers,
  patchModel,
  recordOn,
  resolveOptions,
  summaryOf,
  wrapModel,
  type Parts,
  type ReuseModel,
  type ReuseOptions,
} from './model';
import {verifier} from './stream';

const everything: Parts = {
  engines: allEngines,
  more: {
    recordOn,
    summaryOf,
    verifier,
    // Few pages calibrate, and who does has time: it is a part of the package that is loaded when it is first called.
    calibrateOn: async (...given) => (await import('./model/calibration')).calibrateOn(...given),
  },
};

/** Options of `withReuse(layer)`. */
export interface LayerOptions {
  /** 'dense' switches reuse off. Default 'auto'. */
  policy?: 'auto' | 'dense';
  /** How far the cached output may be from what the layer computes. Default 0: exact. */
  threshold?: Threshold;
}

/**
 * A drop-in for a model, or for a layer, that recomputes only what changed since the last input.
 *
 * @param model a tf.LayersModel or tf.GraphModel; it stays yours to dispose. Of a model with reuse, another stream, without
 *   options: it has those of the first
 * @throws where it is none of these, or an option is out of range
 */
export function withReuse<M extends LayersModel | GraphModel>(
  model: M,
  options?: ReuseOptions,
): ReuseModel<M>;
export function withReuse<M extends LayersModel | GraphModel>(model: ReuseModel<M>): ReuseModel<M>;
/**
 * @param layer a layer, built or not; the result shares its weights. Of a layer with reuse, another one around the plain layer
 * @throws for the options that only a model has
 */
export function withReuse(layer: layers.Layer, options?: LayerOptions): layers.Layer;
export function withReuse(
  target: LayersModel | GraphModel | ReuseModel | layers.Layer,
  options?: ReuseOptions,
): ReuseModel | layers.Layer {
  const model = wrapModel(target, options, everything);
  if (model) return model;
  if (target instanceof layers.Layer && !hasLayers(target)) {
    const {threshold, policy} = layerOptions(options);
    // Around a layer with reuse, another one would compare the same inputs twice.
    return new Reuse(plainLayer(target), {reuse: policy !== 'dense', threshold: threshold.default});
  }
  throw cannotWrap('withReuse', target, 'a tf.LayersModel, a tf.GraphModel or a tf.layers.Layer');
}

/**
 * Has a model reuse where it is: whoever holds it, a library that loaded it say, goes on using it. Its `predict`, `predictAsync`,
 * `execute` and `executeAsync` (of a tf.LayersModel, `predict`) come from reuse from now on, `dispose` frees that too, and
 * all else is the model's own. `reuseOf(model)` is the reuse behind it. As a layer of another model it does not reuse: that is for the other model.
 *
 * @param model a tf.LayersModel or tf.GraphModel. One that reuses in place already stays as it is
 * @param options as `withReuse` has them
 * @returns the model
 * @throws where it is none, an option is out of range, or the model reuses already and options are given
 */
export function reuseInPlace<M extends LayersModel | GraphModel>(model: M, options?: ReuseOptions): M {
  if (patchModel(model, options, everything)) return model;
  throw cannotWrap('reuseInPlace', model, 'a tf.LayersModel or a tf.GraphModel');
}

/** The options of a layer; those that only mean something for a whole model are rejected rather than ignored. */
function layerOptions(options: ReuseOptions = {}): ReturnType<typeof resolveOptions> {
  const resolved = resolveOptions(options);
  const misplaced = (['engine', 'inputThreshold', 'batch', 'maxBytes', 'verify'] as const).find(
    (name) => options[name] !== undefined,
  );
  if (misplaced)
    throw new Error(
      `withReuse(layer): '${misplaced}' is for models; a layer takes 'policy' and 'threshold'.`,
    );
  if (resolved.policy === 'incremental' || resolved.threshold.nodes.size > 0) {
    throw new Error(
      "withReuse(layer): a layer takes policy 'auto' or 'dense', and one threshold, for its output.",
    );
  }
  return resolved;
}

/**
 * Resolves once every engine is compiled that this host can run. `withReuse` works before it: where an engine cannot be
 * compiled at once (a browser may refuse that to its main thread), frames are left to another one until then.
 */
export function ready(): Promise<void> {
  return prepareEngines(allEngines);
}
