/**
 * TensorFlow's ops of which it is known that the same inputs always give the same outputs, and nothing else changes.
 * Random ops, variables, hash tables, tensor lists and arrays, control flow, printing and custom ops are not among
 * them. Nothing here is run: it is a list.
 */
const PURE_OPS = [
  // Arithmetic
  'Add AddV2 AddN BiasAdd Sub RealDiv Div DivNoNan FloorDiv Mul Maximum Minimum Pow SquaredDifference Mod FloorMod',
  'Abs Acos Asin Atan Atan2 Ceil ClipByValue Complex ComplexAbs Cos Cosh Elu Exp Floor Log Imag Neg Real Prelu Relu',
  'Relu6 Selu Sigmoid Sin Sinh Sqrt Rsqrt Square Tan Tanh Sign Round Expm1 Log1p Reciprocal Softplus Asinh Acosh',
  'Atanh Erf LeakyRelu IsNan IsFinite IsInf',
  // Logic
  'Equal NotEqual Greater GreaterEqual Less LessEqual LogicalAnd LogicalNot LogicalOr Select SelectV2 BitwiseAnd',
  // Windows
  'AvgPool MaxPool MaxPoolWithArgmax AvgPool3D MaxPool3D Conv1D Conv2D _FusedConv2D Conv2DBackpropInput',
  'DepthwiseConv2d DepthwiseConv2dNative FusedDepthwiseConv2dNative Conv3D Dilation2D',
  // Matrices, norms, reductions
  '_FusedMatMul MatMul BatchMatMul BatchMatMulV2 Transpose Einsum MatrixBandPart',
  'EuclideanNorm FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3 LRN Softmax LogSoftmax',
  'Bincount DenseBincount Max Mean Min Sum All Any ArgMax ArgMin Prod Cumprod Cumsum',
  // Making, moving and picking values
  'Fill LinSpace OneHot Ones OnesLike Range Zeros ZerosLike',
  'Cast ExpandDims MirrorPad Pad PadV2 Reshape EnsureShape Squeeze SpaceToBatchND BatchToSpaceND DepthToSpace',
  'BroadcastTo BroadcastArgs ConcatV2 Concat GatherV2 Gather Reverse ReverseV2 Slice StridedSlice Pack Unpack Tile',
  'Split SplitV ScatterNd GatherNd SparseToDense TensorScatterUpdate',
  'ResizeBilinear ResizeNearestNeighbor CropAndResize ImageProjectiveTransformV3',
  'NonMaxSuppressionV2 NonMaxSuppressionV3 NonMaxSuppressionV4 NonMaxSuppressionV5 Where ListDiff',
  'LowerBound TopKV2 UpperBound Unique UniqueV2',
  'SparseFillEmptyRows SparseReshape SparseSegmentMean SparseSegmentSum RaggedGather RaggedRange RaggedTensorToTensor',
  'FFT IFFT RFFT IRFFT',
  // The graph itself
  'PlaceholderWithDefault Placeholder Const Identity IdentityN Snapshot Rank Size Shape ShapeN NoOp StopGradient',
  'FakeQuantWithMinMaxVars',
];

const pure: ReadonlySet<string> = new Set(PURE_OPS.flatMap((line) => line.split(' ')));

/** Ops that hold state, but none that outlives a run: loops, and lists that are made and read within one. */
const PURE_WITHIN: ReadonlySet<string> = new Set(
  (
    'Switch Merge Enter Exit NextIteration LoopCond TensorListReserve TensorListFromTensor TensorListStack ' +
    'TensorListSetItem TensorListGetItem TensorListElementShape TensorListLength EmptyTensorList TensorListPushBack'
  ).split(' '),
);

/** Ops that `GraphModel.execute` rejects: their order, or the shape of their result, is known only as they run. */
const ASYNC_OPS: ReadonlySet<string> = new Set([
  'Switch',
  'Merge',
  'Enter',
  'Exit',
  'NextIteration',
  'LoopCond',
  'If',
  'StatelessIf',
  'While',
  'StatelessWhile',
  'NonMaxSuppressionV2',
  'NonMaxSuppressionV3',
  'NonMaxSuppressionV4',
  'NonMaxSuppressionV5',
  'Where',
  'ListDiff',
  'HashTable',
  'HashTableV2',
  'LookupTableImport',
  'LookupTableImportV2',
  'LookupTableFind',
  'LookupTableFindV2',
  'LookupTableSize',
  'LookupTableSizeV2',
]);

export function isPureOp(op: string): boolean {
  return pure.has(op);
}

/** Whether an op is pure together with all others that work on the same loop or list. */
export function isPureWithin(op: string): boolean {
  return PURE_WITHIN.has(op);
}

export function isAsyncOp(op: string): boolean {
  return ASYNC_OPS.has(op);
}
