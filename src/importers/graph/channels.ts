/** Which axis of an image that goes into a graph holds its channels. */
import type {Shape} from '../../graph';
import type {TfNode, TfRef, Topology} from './topology';

/** What leaves the order of an image's axes as it is. */
const IN_ORDER = new Set(
  (
    'Identity StopGradient Snapshot Cast Add AddV2 AddN Sub Mul Div RealDiv Maximum Minimum ClipByValue ' +
    'Relu Relu6 LeakyRelu Prelu Elu Selu Sigmoid Tanh Softplus ' +
    'Pad PadV2 MirrorPad Slice StridedSlice Split SplitV ConcatV2'
  ).split(' '),
);

/**
 * Whether the channels of an input come first: there are few of them, and what reads it first, past arithmetic and cuts,
 * takes them so. A caller's `changed` is of rows and columns, so that the shape alone must not decide: [1, 1, 100, 40] may
 * be one row.
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
      if (IN_ORDER.has(reader.op)) reached.add(reader.name);
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
  if (op === 'Mean' || op === 'Max') return ['2,3', '-2,-1'].includes(`${integers(inputs[1])?.join()}`);
  return attributes.string('data_format', '') === 'NCHW';
}
