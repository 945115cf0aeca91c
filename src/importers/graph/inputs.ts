/** How many inputs tfjs reads for an op; what a node has beyond them, it passes over. */
import type {TfNode} from './topology';

const COUNTS: readonly (readonly [count: number, ops: string])[] = [
  [
    1,
    'Identity StopGradient Snapshot Cast Squeeze Unpack DepthToSpace MaxPool AvgPool ' +
      'Relu Relu6 Elu Selu Sigmoid Tanh Softplus LeakyRelu Softmax LogSoftmax',
  ],
  [
    2,
    'Conv2D DepthwiseConv2d DepthwiseConv2dNative MatMul Add AddV2 Sub Mul RealDiv Div Maximum Minimum Equal ' +
      'Mean Max TopKV2 Prelu BiasAdd Reshape ExpandDims Transpose Pad MirrorPad ResizeBilinear ' +
      'ResizeNearestNeighbor Split',
  ],
  [3, 'Conv2DBackpropInput ClipByValue PadV2 Slice SplitV'],
  [4, 'StridedSlice'],
  [5, 'FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3'],
];

const counts = new Map(COUNTS.flatMap(([count, ops]) => ops.split(' ').map((op) => [op, count] as const)));

/** Ops whose inputs are a list, of which tfjs takes control dependencies for a part. */
const LISTS = new Set('AddN Pack ConcatV2 _FusedConv2D FusedDepthwiseConv2dNative _FusedMatMul'.split(' '));

/** Whether a node has the inputs that tfjs reads for its op, and no others. */
export function hasItsInputs({op, inputs, dependencies}: TfNode): boolean {
  return LISTS.has(op) ? dependencies.length === 0 : inputs.length === counts.get(op);
}
