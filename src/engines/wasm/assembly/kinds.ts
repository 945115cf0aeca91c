/** The numbers by which the engine names activation functions and merges. */

// The order of ActivationName in src/graph/activation.ts.
export const LINEAR = 0;
export const RELU = 1;
export const RELU6 = 2;
export const ELU = 3;
export const SELU = 4;
export const SIGMOID = 5;
export const HARD_SIGMOID = 6;
export const SOFTPLUS = 7;
export const SOFTSIGN = 8;
export const TANH = 9;
export const SOFTMAX = 10;
export const LOG_SOFTMAX = 11;
export const GELU = 12;
export const GELU_NEW = 13;
export const MISH = 14;
export const SWISH = 15;
export const LEAKY_RELU = 16;
export const THRESHOLDED_RELU = 17;
export const CLIPPED_RELU = 18;
export const HARD_SWISH = 19;

export const ADD = 0;
export const SUBTRACT = 1;
export const MULTIPLY = 2;
export const MAXIMUM = 3;
export const MINIMUM = 4;
export const COPY = 5;
export const DIVIDE = 6;
export const EQUAL = 7;
