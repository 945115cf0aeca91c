/** Wrapping a model with what an entry of the package has, and what is said where something else is to be wrapped. */
import {isPlainObject, shown} from '../checks';
import type {ReuseOptions} from './options';
import type {Parts} from './parts';
import {isReuseModel, ReuseModel} from './reuse-model';
import {isGraphModel, isLayersModel} from './wrapped';

/**
 * A model with reuse, of a model that has reuse already another stream; null for what is no model.
 * @throws where an option is out of range, or given for another stream
 */
export function wrapModel(
  target: unknown,
  options: ReuseOptions | undefined,
  parts: Parts,
): ReuseModel | null {
  if (isReuseModel(target)) return streamOf(target, options);
  if (isLayersModel(target) || isGraphModel(target))
    return new ReuseModel(target, options === undefined ? {} : options, parts);
  return null;
}

/** Wrapped twice, a model would be compared twice; its streams share plans, which have their options for good. */
function streamOf(model: ReuseModel, options: ReuseOptions | undefined): ReuseModel {
  if (options === undefined || isEmpty(options)) return model.stream();
  throw new Error(
    'withReuse(): this model is wrapped already, and a stream of it has its options. Wrap the model itself for others: ' +
      'withReuse(reuse.model, options).',
  );
}

const isEmpty = (x: unknown): boolean => isPlainObject(x) && Object.keys(x).length === 0;

/** @param wanted what would have done, in words */
export function cannotWrap(target: unknown, wanted: string): Error {
  return new Error(`withReuse() takes ${wanted}; got ${shown(target)}.${hintFor(target)}`);
}

/** Whether it is a model, or looks like one that has no inputs yet. */
export const hasLayers = (x: unknown): boolean => Array.isArray((x as {layers?: unknown} | null)?.layers);

function hintFor(target: unknown): string {
  if (hasLayers(target)) return ' A model without layers has no inputs yet: add them first.';
  if (typeof target === 'string')
    return ' Load it first: await tf.loadLayersModel(url), or tf.loadGraphModel(url).';
  const {predict} = (target ?? {}) as {predict?: unknown};
  if (typeof predict !== 'function') return '';
  return (
    ' Models that run outside of TensorFlow.js (a TFSavedModel, a TFLiteModel) have no layers to reuse; a tf.GraphModel must ' +
    'have been loaded.'
  );
}
