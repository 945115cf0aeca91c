/** Wrapping a model with what an entry of the package has, and what is said where something else is to be wrapped. */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {isPlainObject, shown} from '../checks';
import type {ReuseOptions} from './options';
import type {Parts} from './parts';
import {ReuseInPlace, reuseOf} from './in-place';
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
  if (!isModel(target)) return null;
  const behind = reuseOf(target);
  if (behind && hasNone(options)) return behind.stream();
  return new ReuseModel(target, options === undefined ? {} : options, parts);
}

/**
 * Has a model reuse in place; one that does already goes on as it does. Returns whether it is a model.
 * @throws where an option is out of range, or the model reuses with others already
 */
export function patchModel(target: unknown, options: ReuseOptions | undefined, parts: Parts): boolean {
  if (!isModel(target)) return false;
  if (!reuseOf(target)) new ReuseInPlace(target, options === undefined ? {} : options, parts);
  else if (!hasNone(options))
    throw new Error(
      'reuseInPlace(): this model reuses in place already, with the options it was first given. For others call ' +
        'reuseOf(model).restore() first.',
    );
  return true;
}

const isModel = (x: unknown): x is LayersModel | GraphModel => isLayersModel(x) || isGraphModel(x);

const hasNone = (options: ReuseOptions | undefined): boolean => options === undefined || isEmpty(options);

/** Wrapped twice, a model would be compared twice; its streams share plans, which have their options for good. */
function streamOf(model: ReuseModel, options: ReuseOptions | undefined): ReuseModel {
  if (hasNone(options)) return model.stream();
  throw new Error(
    'withReuse(): this model is wrapped already, and a stream of it has its options. Wrap the model itself for others: ' +
      'withReuse(reuse.model, options).',
  );
}

const isEmpty = (x: unknown): boolean => isPlainObject(x) && Object.keys(x).length === 0;

/**
 * @param called the function that was called, for the message
 * @param wanted what would have done, in words
 */
export function cannotWrap(called: string, target: unknown, wanted: string): Error {
  return new Error(`${called}() takes ${wanted}; got ${shown(target)}.${hintFor(target)}`);
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
