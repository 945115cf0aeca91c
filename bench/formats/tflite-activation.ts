/** Activations of a graph in TensorFlow Lite: fused where an operator can apply them itself, else an operator of their own. */
import type {Activation} from '../../src/graph';
import type {TfliteDraft} from './tflite-draft';
import {FUSED, type OperatorName} from './tflite-schema';

const OPERATORS: Partial<Record<Activation['name'], OperatorName>> = {
  relu: 'RELU',
  relu6: 'RELU6',
  sigmoid: 'LOGISTIC',
  hardSwish: 'HARD_SWISH',
  leakyRelu: 'LEAKY_RELU',
  softmax: 'SOFTMAX',
};

/** @throws where there is no such operator */
export function activationPart(
  draft: TfliteDraft,
  {name, parameter}: Activation,
  input: string,
  output: string,
): void {
  const op = OPERATORS[name];
  if (!op) {
    const known = Object.keys(OPERATORS).join(', ');
    throw new Error(`'${output}' has ${name}; what is written to TensorFlow Lite are ${known}.`);
  }
  draft.operate(op, [input], output, optionsOf(op, parameter));
}

function optionsOf(op: OperatorName, parameter = 0): Record<string, number> | undefined {
  if (op === 'LEAKY_RELU') return {slope: parameter};
  return op === 'SOFTMAX' ? {beta: 1} : undefined;
}

/**
 * Writes an operator with its activation.
 * @param operate writes the operator itself, with this fused activation and to this tensor
 */
export function withActivation(
  draft: TfliteDraft,
  activation: Activation,
  output: string,
  operate: (fused: number, output: string) => void,
): void {
  const {name} = activation;
  if (name in FUSED) return operate(FUSED[name as keyof typeof FUSED], output);
  const sum = draft.tensor({name: `${output}.sum`, shape: draft.shapeOf(output)});
  operate(FUSED.linear, sum);
  activationPart(draft, activation, sum, output);
}
