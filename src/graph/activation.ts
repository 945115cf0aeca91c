/**
 * The activation functions of tfjs-layers, and MobileNet's `hardSwish`, x · relu6(x + 3) / 6, as data: an engine fuses
 * them into the op before or runs them alone.
 */

/** In the order by which the WebAssembly kernels number them. */
export const ACTIVATION_NAMES = [
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
  'leakyRelu',
  'thresholdedRelu',
  'clippedRelu',
  'hardSwish',
] as const;

export type ActivationName = (typeof ACTIVATION_NAMES)[number];

/**
 * An activation with its parameter: `leakyRelu`'s slope, `thresholdedRelu`'s theta, `clippedRelu`'s ceiling
 * (tfjs-layers' `reLU({maxValue})`), `hardSwish`'s factor, a sixth as the model rounds it. The others have none.
 */
export interface Activation {
  readonly name: ActivationName;
  readonly parameter?: number;
}

export const LINEAR: Activation = {name: 'linear'};

/** Whether each output scalar needs only its own input scalar; softmax needs its whole pixel. */
export function isElementwise(activation: Activation): boolean {
  return activation.name !== 'softmax' && activation.name !== 'logSoftmax';
}
