/** Ops of a graph in TensorFlow Lite that are no convolutions. */
import {LINEAR, readWeight, type Node, type Op} from '../../src/graph';
import {withActivation} from './tflite-activation';
import {windowOptions} from './tflite-convolution';
import {tfliteShape, type TfliteDraft} from './tflite-draft';
import {paddingOf} from './padding';
import type {OperatorName} from './tflite-schema';

type NodeOf<K extends Op['kind']> = Node<Extract<Op, {readonly kind: K}>>;

const CHANNELS = 3;

const MERGES: Partial<Record<NodeOf<'merge'>['op']['fn'], OperatorName>> = {
  add: 'ADD',
  multiply: 'MUL',
};

export function merge(draft: TfliteDraft, {op, name, inputs, outputs}: NodeOf<'merge'>): void {
  const operator = MERGES[op.fn];
  if (!operator || inputs.length !== 2) {
    throw new Error(
      `'${name}' is '${op.fn}' of ${inputs.length}; what is written to TensorFlow Lite are ` +
        `${Object.keys(MERGES).join(', ')} of two.`,
    );
  }
  const given = inputs.map((id) => draft.of(id));
  const result = draft.output(outputs[0]);
  withActivation(draft, op.activation, result, (activation, output) =>
    draft.operate(operator, given, output, {activation}),
  );
}

/** x · scale + shift, by channel. */
export function scaled(draft: TfliteDraft, {op, name, inputs, outputs, weights}: NodeOf<'affine'>): void {
  const constant = (key: string) => {
    const values = readWeight(draft.graph.weights[weights[key]]);
    return draft.constant(`${name}.${key}`, [values.length], values);
  };
  const steps = (
    [
      ['scale', 'MUL'],
      ['shift', 'ADD'],
    ] as const
  ).filter(([key]) => key in weights);
  let input = draft.of(inputs[0]);
  const result = draft.output(outputs[0]);
  steps.forEach(([key, operator], i) => {
    const isLast = i === steps.length - 1;
    const output = isLast ? result : draft.tensor({name: `${name}.scaled`, shape: draft.shapeOf(result)});
    const activation = isLast ? op.activation : LINEAR;
    const from = input;
    withActivation(draft, activation, output, (fused, to) =>
      draft.operate(operator, [from, constant(key)], to, {activation: fused}),
    );
    input = output;
  });
}

export function pool(draft: TfliteDraft, {op, name, inputs, outputs}: NodeOf<'pool2d'>): void {
  if (op.mode !== 'max' || typeof op.window.padding !== 'string') {
    throw new Error(`'${name}' is no max pool with the padding 'same' or 'valid'.`);
  }
  const {padding, strideX, strideY} = windowOptions(op.window);
  const [height, width] = op.window.kernel;
  const options = {padding, strideX, strideY, height, width};
  draft.operate('MAX_POOL_2D', [draft.of(inputs[0])], draft.output(outputs[0]), options);
}

/** Its one pixel stays a pixel, so that nothing has to be reshaped to scale a plane by it. */
export function globalPool(draft: TfliteDraft, {op, name, inputs, outputs}: NodeOf<'globalPool'>): void {
  if (op.mode !== 'average') throw new Error(`'${name}' is no average.`);
  const input = draft.of(inputs[0]);
  const output = draft.output(outputs[0], [1, 1, 1, draft.plane(inputs[0]).channels]);
  draft.operate('MEAN', [input, draft.integers(`${name}.axes`, [1, 2])], output, {keepAxes: 1});
}

export function reshape(draft: TfliteDraft, {name, inputs, outputs}: NodeOf<'reshape'>): void {
  const input = draft.of(inputs[0]);
  const shape = tfliteShape(draft.graph.values[outputs[0]]);
  if (`${shape}` === `${draft.shapeOf(input)}`) return draft.letStand(outputs[0], input);
  draft.operate('RESHAPE', [input, draft.integers(`${name}.shape`, shape)], draft.output(outputs[0]));
}

export function resize(draft: TfliteDraft, {op, name, inputs, outputs}: NodeOf<'resize2d'>): void {
  const size = draft.integers(`${name}.size`, op.size);
  const options = {alignCorners: Number(op.alignCorners), halfPixelCenters: Number(op.halfPixelCenters)};
  draft.operate('RESIZE_BILINEAR', [draft.of(inputs[0]), size], draft.output(outputs[0]), options);
}

/** Of what copies rows and columns, padding with a value alone. */
export function gather(draft: TfliteDraft, {op, name, inputs, outputs}: NodeOf<'gather2d'>): void {
  const sides = [op.rows, op.columns].flatMap((table, axis) => {
    const {height, width} = draft.plane(inputs[0]);
    return paddingOf(table, [height, width][axis], name);
  });
  const paddings = draft.integers(`${name}.sides`, [0, 0, ...sides, 0, 0], [4, 2]);
  const fill = draft.constant(`${name}.fill`, [], Float32Array.of(op.fill));
  draft.operate('PADV2', [draft.of(inputs[0]), paddings, fill], draft.output(outputs[0]));
}

export function concat(draft: TfliteDraft, {op, name, inputs, outputs}: NodeOf<'concat'>): void {
  if (op.axis !== 'channels') throw new Error(`'${name}' concatenates along its ${op.axis}.`);
  draft.operate(
    'CONCATENATION',
    inputs.map((id) => draft.of(id)),
    draft.output(outputs[0]),
    {axis: CHANNELS},
  );
}

export function sliced(draft: TfliteDraft, {op, name, inputs, outputs}: NodeOf<'sliceChannels'>): void {
  const {height, width} = draft.plane(inputs[0]);
  const begin = draft.integers(`${name}.begin`, [0, 0, 0, op.begin]);
  const size = draft.integers(`${name}.size`, [1, height, width, op.size]);
  draft.operate('SLICE', [draft.of(inputs[0]), begin, size], draft.output(outputs[0]));
}
