/** What layers of the sweep's tables are made with. */

export type Pair = [number, number];
export type Activation = 'relu';
export const pair = ([a, b]: readonly [number, number]): Pair => [a, b];

export const ACTIVATIONS = [
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
] as const;

export const RANKS = [
  [5, 7, 3],
  [1, 1, 1],
  [2, 2, 8],
  [1, 64, 5],
  [9],
  [1],
  [64],
  [6, 4],
  [1, 3],
  [3, 2, 2, 4],
] as const;
