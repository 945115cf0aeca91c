/** Ops of a graph in ONNX that are no convolutions. */
import {LINEAR, readWeight, type Node, type Op} from '../../src/graph';
import {paddingOf} from './padding';
import {windowAttributes, withActivation} from './onnx-convolution';
import {onnxValue, type OnnxDraft} from './onnx-draft';

type NodeOf<K extends Op['kind']> = Node<Extract<Op, {readonly kind: K}>>;

const CHANNELS = 1;

const MERGES: Partial<Record<NodeOf<'merge'>['op']['fn'], string>> = {add: 'Add', multiply: 'Mul'};

export function merge(draft: OnnxDraft, {op, name, inputs, outputs}: NodeOf<'merge'>): void {
  const operator = MERGES[op.fn];
  if (!operator || inputs.length !== 2) {
    const known = Object.keys(MERGES).join(', ');
    throw new Error(
      `'${name}' is '${op.fn}' of ${inputs.length}; what is written to ONNX are ${known} of two.`,
    );
  }
  withActivation(draft, op.activation, draft.of(outputs[0]), (sum) =>
    draft.operate(
      operator,
      inputs.map((id) => draft.of(id)),
      sum,
    ),
  );
}

/** x · scale + shift, by channel. */
export function scaled(draft: OnnxDraft, {op, name, inputs, outputs, weights}: NodeOf<'affine'>): void {
  const steps = (
    [
      ['scale', 'Mul'],
      ['shift', 'Add'],
    ] as const
  ).filter(([key]) => key in weights);
  let input = draft.of(inputs[0]);
  steps.forEach(([key, operator], i) => {
    const isLast = i === steps.length - 1;
    const output = isLast ? draft.of(outputs[0]) : `${name}.scaled`;
    const values = readWeight(draft.graph.weights[weights[key]]);
    const constant = draft.weight({name: `${name}.${key}`, dims: [values.length, 1, 1], values});
    const from = input;
    withActivation(draft, isLast ? op.activation : LINEAR, output, (sum) =>
      draft.operate(operator, [from, constant], sum),
    );
    input = output;
  });
}

export function pool(draft: OnnxDraft, {op, name, inputs, outputs}: NodeOf<'pool2d'>): void {
  if (op.mode !== 'max') throw new Error(`'${name}' is no max pool.`);
  const attributes = windowAttributes(op.window, draft.plane(inputs[0]));
  draft.operate('MaxPool', [draft.of(inputs[0])], draft.of(outputs[0]), attributes);
}

export function globalPool(draft: OnnxDraft, {op, name, inputs, outputs}: NodeOf<'globalPool'>): void {
  if (op.mode !== 'average') throw new Error(`'${name}' is no average.`);
  draft.operate('GlobalAveragePool', [draft.of(inputs[0])], draft.of(outputs[0]));
}

/** Of those that leave pixels and channels what they are, nothing is left. */
export function reshape(draft: OnnxDraft, {name, inputs, outputs}: NodeOf<'reshape'>): void {
  const [from, to] = [inputs[0], outputs[0]].map((id) => onnxValue(draft.graph.values[id]).dims);
  if (`${from}` !== `${to}`) throw new Error(`'${name}' makes other pixels of [${from.join(', ')}].`);
  draft.operate('Identity', [draft.of(inputs[0])], draft.of(outputs[0]));
}

export function resize(draft: OnnxDraft, {op, name, inputs, outputs}: NodeOf<'resize2d'>): void {
  const {channels} = draft.plane(inputs[0]);
  const sizes = draft.integers(`${name}.size`, [1, channels, ...op.size]);
  const corners = op.alignCorners ? 'align_corners' : 'asymmetric';
  draft.operate('Resize', [draft.of(inputs[0]), '', '', sizes], draft.of(outputs[0]), {
    mode: 'linear',
    coordinate_transformation_mode: op.halfPixelCenters ? 'half_pixel' : corners,
  });
}

/** Of what copies rows and columns, padding with a value alone. */
export function gather(draft: OnnxDraft, {op, name, inputs, outputs}: NodeOf<'gather2d'>): void {
  const {height, width} = draft.plane(inputs[0]);
  const [top, bottom] = paddingOf(op.rows, height, name);
  const [left, right] = paddingOf(op.columns, width, name);
  const pads = draft.integers(`${name}.sides`, [0, 0, top, left, 0, 0, bottom, right]);
  draft.operate(
    'Pad',
    [draft.of(inputs[0]), pads, draft.scalar(`${name}.fill`, op.fill)],
    draft.of(outputs[0]),
  );
}

export function concat(draft: OnnxDraft, {op, name, inputs, outputs}: NodeOf<'concat'>): void {
  if (op.axis !== 'channels') throw new Error(`'${name}' concatenates along its ${op.axis}.`);
  draft.operate(
    'Concat',
    inputs.map((id) => draft.of(id)),
    draft.of(outputs[0]),
    {axis: CHANNELS},
  );
}

export function sliced(draft: OnnxDraft, {op, name, inputs, outputs}: NodeOf<'sliceChannels'>): void {
  const slice = {begin: op.begin, end: op.begin + op.size, axis: CHANNELS};
  const constants = Object.entries(slice).map(([key, value]) => draft.integers(`${name}.${key}`, [value]));
  draft.operate('Slice', [draft.of(inputs[0]), ...constants], draft.of(outputs[0]));
}
