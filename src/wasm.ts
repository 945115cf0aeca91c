/**
 * tfjs-reuse/wasm: predictions, only on the WebAssembly engine, for pages that want to be small. `withReuse` takes whole models. What
 * this engine does not compute is left to the model: frames on the webgl and webgpu backends, and models that it refuses.
 * Training, calibration and layers with reuse are in the main entry; `record()`, `calibrate()` and `summary()` say so.
 *
 * @packageDocumentation
 */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {prepareEngines, wasmOnly} from './engines';
import {cannotWrap, patchModel, wrapModel, type Parts, type ReuseModel, type ReuseOptions} from './model';

export * from './common';

const parts: Parts = {engines: wasmOnly, more: null};

/**
 * As the main entry's, but only for models.
 *
 * @param model a tf.LayersModel or tf.GraphModel; it stays yours to dispose. Of a model with reuse, another stream, without
 *   options: it has those of the first
 * @throws where it is neither, or an option is out of range; for `engine` 'webgpu' and 'tfjs', which are not here
 */
export function withReuse<M extends LayersModel | GraphModel>(
  model: M,
  options?: ReuseOptions,
): ReuseModel<M>;
export function withReuse<M extends LayersModel | GraphModel>(model: ReuseModel<M>): ReuseModel<M>;
export function withReuse(target: LayersModel | GraphModel | ReuseModel, options?: ReuseOptions): ReuseModel {
  const model = wrapModel(target, options, parts);
  if (model) return model;
  throw cannotWrap(
    'withReuse',
    target,
    "a tf.LayersModel or a tf.GraphModel; layers with reuse are in 'tfjs-reuse'",
  );
}

/**
 * As the main entry's.
 *
 * @returns the model
 * @throws where it is none, or an option is out of range; for `engine` 'webgpu' and 'tfjs', which are not here
 */
export function reuseInPlace<M extends LayersModel | GraphModel>(model: M, options?: ReuseOptions): M {
  if (patchModel(model, options, parts)) return model;
  throw cannotWrap('reuseInPlace', model, 'a tf.LayersModel or a tf.GraphModel');
}

/**
 * Resolves once the kernels are compiled, where this host can run them. `withReuse` works before it: where they cannot be
 * compiled at once (a browser may refuse that to its main thread), frames are left to the model until then.
 */
export function ready(): Promise<void> {
  return prepareEngines(wasmOnly);
}
