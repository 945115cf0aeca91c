/**
 * What of TensorFlow Lite's schema (tensorflow/lite/schema/schema.fbs) a float32 model needs: the numbers of its types and
 * operators, and which field of which table has which place. Plain data; tflite-writer.ts writes by it.
 */

export const TENSOR_TYPES = {float32: 0, int32: 2} as const;
export type TensorType = keyof typeof TENSOR_TYPES;

export const PADDING = {same: 0, valid: 1} as const;

/** Activations that an operator applies itself, by their names in a graph. */
export const FUSED = {linear: 0, relu: 1, relu6: 3} as const;

type FieldType = 'int8' | 'int32' | 'float32';
type Field = readonly [place: number, type: FieldType];

interface OperatorSchema {
  /** In the enumeration BuiltinOperator. */
  readonly code: number;
  /** The first version of the operator that has what is used of it. */
  readonly version: number;
  /** In the union BuiltinOptions; 0 where the operator has none, or an empty table. */
  readonly options: number;
  readonly fields: Readonly<Record<string, Field>>;
}

const activation: Field = [0, 'int8'];

export const OPERATORS = {
  ADD: {code: 0, version: 1, options: 11, fields: {activation}},
  CONCATENATION: {code: 2, version: 1, options: 10, fields: {axis: [0, 'int32']}},
  CONV_2D: {
    code: 3,
    version: 1,
    options: 1,
    fields: {
      padding: [0, 'int8'],
      strideX: [1, 'int32'],
      strideY: [2, 'int32'],
      activation: [3, 'int8'],
      dilationX: [4, 'int32'],
      dilationY: [5, 'int32'],
    },
  },
  DEPTHWISE_CONV_2D: {
    code: 4,
    version: 2,
    options: 2,
    fields: {
      padding: [0, 'int8'],
      strideX: [1, 'int32'],
      strideY: [2, 'int32'],
      multiplier: [3, 'int32'],
      activation: [4, 'int8'],
      dilationX: [5, 'int32'],
      dilationY: [6, 'int32'],
    },
  },
  FULLY_CONNECTED: {code: 9, version: 1, options: 8, fields: {activation}},
  HARD_SWISH: {code: 117, version: 1, options: 0, fields: {}},
  LEAKY_RELU: {code: 98, version: 1, options: 75, fields: {slope: [0, 'float32']}},
  LOGISTIC: {code: 14, version: 1, options: 0, fields: {}},
  MAX_POOL_2D: {
    code: 17,
    version: 1,
    options: 5,
    fields: {
      padding: [0, 'int8'],
      strideX: [1, 'int32'],
      strideY: [2, 'int32'],
      width: [3, 'int32'],
      height: [4, 'int32'],
    },
  },
  MEAN: {code: 40, version: 1, options: 27, fields: {keepAxes: [0, 'int8']}},
  MUL: {code: 18, version: 1, options: 21, fields: {activation}},
  PAD: {code: 34, version: 1, options: 0, fields: {}},
  PADV2: {code: 60, version: 1, options: 0, fields: {}},
  RELU: {code: 19, version: 1, options: 0, fields: {}},
  RELU6: {code: 21, version: 1, options: 0, fields: {}},
  RESHAPE: {code: 22, version: 1, options: 0, fields: {}},
  RESIZE_BILINEAR: {
    code: 23,
    version: 3,
    options: 15,
    fields: {alignCorners: [2, 'int8'], halfPixelCenters: [3, 'int8']},
  },
  SLICE: {code: 65, version: 1, options: 0, fields: {}},
  SOFTMAX: {code: 25, version: 1, options: 9, fields: {beta: [0, 'float32']}},
  TRANSPOSE: {code: 39, version: 1, options: 0, fields: {}},
} as const satisfies Readonly<Record<string, OperatorSchema>>;

export type OperatorName = keyof typeof OPERATORS;

/** As the writer sees all of them. */
export const operatorSchema = (name: OperatorName): OperatorSchema => OPERATORS[name];
