/** Which axis of an image that goes into a graph holds its channels. */
import type {Shape} from '../../graph';
import type {TfNode, TfRef, Topology} from './topology';

/** What leaves the axes of an image as they are. */
const IN_PLACE = new Set(
  (
    'Identity Cast Add AddV2 Sub Mul Div RealDiv Maximum Minimum Pad PadV2 MirrorPad ' +
    'Relu Relu6 LeakyRelu Prelu Elu Selu Sigmoid Tanh Softplus'
  ).split(' '),
);

/**
 * Whether the channels of an input come first: there are few of them, and what reads it, past arithmetic, takes them so. A
 * caller's `changed` is of rows and columns, so that the shape alone must not decide: [1, 1, 100, 40] may be one row.
 * @param integers the values of a constant
 */
export function hasChannelsFirst(
  input: string,
  shape: Shape,
  topology: Topology,
  integers: (ref: TfRef) => readonly number[] | null,
): boolean {
  if (shape.length !== 4 || shape[1] > 4 || shape[2] <= 4 || shape[3] <= 4) return false;
  const reached = new Set([input]);
  for (const name of reached) {
    for (const reader of readersOf(name, topology)) {
      if (takesChannelsFirst(reader, integers)) return true;
      if (IN_PLACE.has(reader.op)) reached.add(reader.name);
    }
  }
  return false;
}

const readersOf = (name: string, topology: Topology): TfNode[] =>
  [...topology.values()].filter(({inputs}) => inputs.some(({node}) => node === name));

function takesChannelsFirst(
  {op, inputs, attributes}: TfNode,
  integers: (ref: TfRef) => readonly number[] | null,
): boolean {
  if (op === 'Transpose') return integers(inputs[1])?.join() === '0,2,3,1';
  if (op === 'Mean' || op === 'Max') return integers(inputs[1])?.join() === '2,3';
  return attributes.string('data_format') === 'NCHW';
}
