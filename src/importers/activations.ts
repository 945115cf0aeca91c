/** The activation objects that tfjs-layers puts into its layers, as the graph's data. */
import {layers} from '@tensorflow/tfjs-layers';
import {LINEAR, type Activation, type ActivationName} from '../graph';

/** The activations that a layer's config can name; the graph's others come from layers of their own. */
const NAMES = [
  'linear',
  'relu',
  'relu6',
  'elu',
  'selu',
  'sigmoid',
  'hardSigmoid',
  'softplus',
  'softsign',
  'tanh',
  'softmax',
  'logSoftmax',
  'gelu',
  'gelu_new',
  'mish',
  'swish',
] as const satisfies readonly ActivationName[];

/** The field of every layer that applies an activation. */
export interface Activated {
  readonly activation?: object | null;
}

let names: ReadonlyMap<unknown, ActivationName> | null = null;

/** The activation that `object` computes, or null where its class is not tfjs's own. No activation is linear. */
export function activationOf(object: object | null | undefined): Activation | null {
  if (object === null || object === undefined) return LINEAR;
  const name = activationNames().get(object.constructor);
  return name === undefined ? null : {name};
}

/** Asked from tfjs itself, since it does not export the classes; a layer with a name takes no number from it. */
function activationNames(): ReadonlyMap<unknown, ActivationName> {
  names ??= new Map(
    NAMES.map((name) => {
      // tfjs's type leaves out logSoftmax, which it has.
      const activation = name as Exclude<typeof name, 'logSoftmax'>;
      const layer = layers.activation({activation, name: 'tfjs-reuse'}) as unknown as Required<Activated>;
      return [layer.activation?.constructor, name];
    }),
  );
  return names;
}
