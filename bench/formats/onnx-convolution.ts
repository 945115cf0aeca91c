/** Convolutions in ONNX, and activations, which are nodes of their own there. */
import {filterTensor} from '../../examples/atari/onnx/filter';
import type {OnnxAttribute} from '../../examples/atari/onnx/writer';
import {
  windowOver,
  type Activation,
  type Node,
  type Op,
  type Plane,
  type WindowConfig,
} from '../../src/graph';
import {foldedWeights} from './folded';
import type {OnnxDraft} from './onnx-draft';

type ConvolutionOp = Extract<Op, {readonly kind: 'conv2d' | 'depthwiseConv2d'}>;

export function convolution(draft: OnnxDraft, node: Node<ConvolutionOp>): void {
  const {op, name, inputs, outputs} = node;
  const [input, output] = [draft.plane(inputs[0]), draft.plane(outputs[0])];
  const group = op.kind === 'depthwiseConv2d' ? input.channels : 1;
  const {filter, bias} = foldedWeights(node, draft.graph, output.channels);
  const {kernel} = op.window;
  const weights = [
    draft.weight(filterTensor(`${name}.filter`, filter, kernel, input.channels / group, output.channels)),
    draft.vector(`${name}.bias`, bias),
  ];
  withActivation(draft, op.activation, draft.of(outputs[0]), (sum) =>
    draft.operate('Conv', [draft.of(inputs[0]), ...weights], sum, {
      ...windowAttributes(op.window, input),
      group,
    }),
  );
}

export function windowAttributes(window: WindowConfig, plane: Plane): Record<string, OnnxAttribute> {
  const {kernel, strides, dilations, pad} = windowOver(plane, window);
  return {
    kernel_shape: kernel,
    strides,
    dilations,
    pads: [pad.top, pad.left, pad.bottom, pad.right],
  };
}

/** @param operate writes what comes before the activation, to this value */
export function withActivation(
  draft: OnnxDraft,
  activation: Activation,
  output: string,
  operate: (sum: string) => void,
): void {
  if (activation.name === 'linear') return operate(output);
  operate(`${output}.sum`);
  activationPart(draft, activation, `${output}.sum`, output);
}

/** @throws where ONNX has no such node */
export function activationPart(
  draft: OnnxDraft,
  {name, parameter = 0}: Activation,
  input: string,
  output: string,
): void {
  if (name === 'relu6') {
    const bounds = [draft.scalar(`${output}.least`, 0), draft.scalar(`${output}.most`, 6)];
    return draft.operate('Clip', [input, ...bounds], output);
  }
  if (name === 'leakyRelu') return draft.operate('LeakyRelu', [input], output, {alpha: {float: parameter}});
  const op = NODES[name];
  if (!op) {
    const known = ['relu6', 'leakyRelu', ...Object.keys(NODES)].join(', ');
    throw new Error(`'${output}' has ${name}; what is written to ONNX are ${known}.`);
  }
  draft.operate(op, [input], output);
}

const NODES: Partial<Record<Activation['name'], string>> = {
  relu: 'Relu',
  sigmoid: 'Sigmoid',
  hardSwish: 'HardSwish',
};
