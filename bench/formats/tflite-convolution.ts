/** Convolutions and dense layers in TensorFlow Lite. Filters lie there by outputs: [out, kh, kw, in] and [out, in]. */
import {readWeight, windowOver, type Node, type Op, type ValueId, type WindowConfig} from '../../src/graph';
import {foldedWeights, transposed} from './folded';
import {withActivation} from './tflite-activation';
import type {TfliteDraft} from './tflite-draft';
import {PADDING} from './tflite-schema';

type NodeOf<K extends Op['kind']> = Node<Extract<Op, {readonly kind: K}>>;

export function convolution(draft: TfliteDraft, node: NodeOf<'conv2d'>): void {
  const {op, name, inputs, outputs} = node;
  const [kh, kw] = op.window.kernel;
  const {channels} = draft.plane(inputs[0]);
  const {filter, bias} = foldedWeights(node, draft.graph, op.filters);
  const byOutputs = transposed(filter, kh * kw * channels, op.filters);
  const weights = [
    draft.constant(`${name}.filter`, [op.filters, kh, kw, channels], byOutputs),
    draft.constant(`${name}.bias`, [op.filters], bias),
  ];
  const input = padded(draft, inputs[0], op.window, name);
  withActivation(draft, op.activation, draft.output(outputs[0]), (activation, output) =>
    draft.operate('CONV_2D', [input, ...weights], output, {...windowOptions(op.window), activation}),
  );
}

export function depthwise(draft: TfliteDraft, node: NodeOf<'depthwiseConv2d'>): void {
  const {op, name, inputs, outputs} = node;
  const [kh, kw] = op.window.kernel;
  const {channels} = draft.plane(outputs[0]);
  const {filter, bias} = foldedWeights(node, draft.graph, channels);
  const weights = [
    draft.constant(`${name}.filter`, [1, kh, kw, channels], filter),
    draft.constant(`${name}.bias`, [channels], bias),
  ];
  const input = padded(draft, inputs[0], op.window, name);
  const window = {...windowOptions(op.window), multiplier: op.depthMultiplier};
  withActivation(draft, op.activation, draft.output(outputs[0]), (activation, output) =>
    draft.operate('DEPTHWISE_CONV_2D', [input, ...weights], output, {...window, activation}),
  );
}

export function dense(draft: TfliteDraft, {op, name, inputs, outputs, weights}: NodeOf<'dense'>): void {
  const input = draft.of(inputs[0]);
  const length = draft.shapeOf(input)[1];
  const read = (key: string) => readWeight(draft.graph.weights[weights[key]]);
  const kernel = draft.constant(
    `${name}.kernel`,
    [op.units, length],
    transposed(read('kernel'), length, op.units),
  );
  const bias = 'bias' in weights ? read('bias') : new Float32Array(op.units);
  const own = [input, kernel, draft.constant(`${name}.bias`, [op.units], bias)];
  withActivation(draft, op.activation, draft.output(outputs[0]), (activation, output) =>
    draft.operate('FULLY_CONNECTED', own, output, {activation}),
  );
}

/** The input of a window: padding that is given in pixels is an operator of its own. */
function padded(draft: TfliteDraft, id: ValueId, window: WindowConfig, name: string): string {
  const input = draft.of(id);
  if (typeof window.padding === 'string') return input;
  const {pad} = windowOver(draft.plane(id), window);
  const [batch, height, width, channels] = draft.shapeOf(input);
  const shape = [batch, height + pad.top + pad.bottom, width + pad.left + pad.right, channels];
  const sides = draft.integers(
    `${name}.sides`,
    [0, 0, pad.top, pad.bottom, pad.left, pad.right, 0, 0],
    [4, 2],
  );
  const output = draft.tensor({name: `${name}.padded`, shape});
  draft.operate('PAD', [input, sides], output);
  return output;
}

export function windowOptions({padding, strides, dilations}: WindowConfig): Record<string, number> {
  return {
    padding: PADDING[padding === 'same' ? 'same' : 'valid'],
    strideY: strides[0],
    strideX: strides[1],
    dilationY: dilations[0],
    dilationX: dilations[1],
  };
}
