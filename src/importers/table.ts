/**
 * What becomes which kind of op: the classes of tfjs-layers and the ops of TensorFlow graphs that are known, and the functions
 * that import them. A layer or a node that can become one of several kinds stands at the one that it mostly is, once. What is
 * missing here computes itself, or is left to the model.
 */
import type {OpKind} from '../graph';
import {reads, type OpImporter} from './graph/inputs';
import * as activationNodes from './graph/ops/activation';
import * as activationPatterns from './graph/ops/activation-patterns';
import {batchNorm, biasAdd} from './graph/ops/affine';
import {concat} from './graph/ops/concat';
import * as convNodes from './graph/ops/conv2d';
import {transposedConv} from './graph/ops/conv2d-transpose';
import {matMul} from './graph/ops/dense';
import {depthToSpace} from './graph/ops/depth-to-space';
import {reduce} from './graph/ops/global-pool';
import * as layerNormalizationPatterns from './graph/ops/layer-normalization';
import * as mergeNodes from './graph/ops/merge';
import {mirrorPad, pad} from './graph/ops/pad2d';
import * as poolNodes from './graph/ops/pool2d';
import * as preluNodes from './graph/ops/prelu';
import * as reshapeNodes from './graph/ops/reshape';
import {resizeBilinear, resizeNearest} from './graph/ops/resize2d';
import {slice, split} from './graph/ops/slice';
import {topK} from './graph/ops/top-k';
import type {NodePattern} from './graph/patterns';
import * as activationLayers from './layers/activation';
import {batchNormalization} from './layers/batch-norm';
import {concatenate} from './layers/concat';
import * as convLayers from './layers/conv2d';
import {convTranspose} from './layers/conv2d-transpose';
import {dense} from './layers/dense';
import {globalPool} from './layers/global-pool';
import {layerNormalization} from './layers/layer-normalization';
import * as mergeLayers from './layers/merge';
import {cropping, zeroPadding} from './layers/pad2d';
import * as poolLayers from './layers/pool2d';
import * as preluLayers from './layers/prelu';
import * as reshapeLayers from './layers/reshape';
import {timeDistributed} from './layers/time-distributed';
import {upSampling} from './layers/upsample2d';
import type {LayerImporter} from './layers/use';

export interface KindImporters {
  /** By the class name of the layer. */
  readonly layers: Readonly<Record<string, LayerImporter>>;
  /** By the node's op. */
  readonly nodes: Readonly<Record<string, OpImporter>>;
  /** Several nodes that together are the op, by the op of the last of them, whose kind is mostly another one. */
  readonly patterns?: Readonly<Record<string, readonly NodePattern[]>>;
}

const {named} = activationNodes;

export const importers = {
  conv2d: {
    layers: {Conv1D: convLayers.conv, Conv2D: convLayers.conv, SeparableConv2D: convLayers.separable},
    nodes: {Conv2D: reads(2, convNodes.conv), _FusedConv2D: reads('list', convNodes.conv)},
  },
  depthwiseConv2d: {
    layers: {DepthwiseConv2D: convLayers.depthwise},
    nodes: {
      DepthwiseConv2d: reads(2, convNodes.depthwise),
      DepthwiseConv2dNative: reads(2, convNodes.depthwise),
      FusedDepthwiseConv2dNative: reads('list', convNodes.depthwise),
    },
  },
  conv2dTranspose: {
    layers: {Conv2DTranspose: convTranspose},
    nodes: {Conv2DBackpropInput: reads(3, transposedConv)},
  },
  dense: {
    layers: {Dense: dense},
    nodes: {MatMul: reads(2, matMul), _FusedMatMul: reads('list', matMul)},
  },
  pool2d: {
    layers: {
      MaxPooling1D: poolLayers.pool('max'),
      MaxPooling2D: poolLayers.pool('max'),
      AveragePooling1D: poolLayers.pool('average'),
      AveragePooling2D: poolLayers.pool('average'),
    },
    nodes: {MaxPool: reads(1, poolNodes.pool('max')), AvgPool: reads(1, poolNodes.pool('average'))},
  },
  globalPool: {
    layers: {
      GlobalMaxPooling1D: globalPool('max'),
      GlobalMaxPooling2D: globalPool('max'),
      GlobalAveragePooling1D: globalPool('average'),
      GlobalAveragePooling2D: globalPool('average'),
    },
    nodes: {Max: reads(2, reduce('max')), Mean: reads(2, reduce('average'))},
  },
  activation: {
    layers: {
      Activation: activationLayers.activation,
      ReLU: activationLayers.relu,
      LeakyReLU: activationLayers.leakyRelu,
      ThresholdedReLU: activationLayers.thresholdedRelu,
      ELU: activationLayers.elu,
      Softmax: activationLayers.softmax,
    },
    nodes: {
      Relu: reads(1, named('relu')),
      Relu6: reads(1, named('relu6')),
      LeakyRelu: reads(1, activationNodes.leakyRelu),
      ClipByValue: reads(3, activationNodes.clip),
      Elu: reads(1, named('elu')),
      Selu: reads(1, named('selu')),
      Sigmoid: reads(1, named('sigmoid')),
      Tanh: reads(1, named('tanh')),
      Softplus: reads(1, named('softplus')),
      Softmax: reads(1, activationNodes.softmax('softmax')),
      LogSoftmax: reads(1, activationNodes.softmax('logSoftmax')),
    },
    patterns: {
      Maximum: [activationPatterns.leakyRelu],
      Mul: [activationPatterns.swish, activationPatterns.hardSwish],
    },
  },
  batchNorm: {
    layers: {BatchNormalization: batchNormalization},
    // What a graph has of it are constants: an affine op.
    nodes: {},
  },
  layerNormalization: {
    layers: {LayerNormalization: layerNormalization},
    // A graph has it in several nodes.
    nodes: {},
    patterns: {
      Add: [layerNormalizationPatterns.layerNormalization],
      AddV2: [layerNormalizationPatterns.layerNormalization],
    },
  },
  prelu: {
    layers: {PReLU: preluLayers.prelu},
    nodes: {Prelu: reads(2, preluNodes.prelu)},
  },
  affine: {
    layers: {},
    nodes: {
      BiasAdd: reads(2, biasAdd),
      FusedBatchNorm: reads(5, batchNorm),
      FusedBatchNormV2: reads(5, batchNorm),
      FusedBatchNormV3: reads(5, batchNorm),
    },
  },
  merge: {
    layers: {
      Add: mergeLayers.merge('add'),
      Multiply: mergeLayers.merge('multiply'),
      Average: mergeLayers.merge('average'),
      Maximum: mergeLayers.merge('maximum'),
      Minimum: mergeLayers.merge('minimum'),
    },
    nodes: {
      Add: reads(2, mergeNodes.merge('add')),
      AddV2: reads(2, mergeNodes.merge('add')),
      AddN: reads('list', mergeNodes.sum),
      Sub: reads(2, mergeNodes.merge('subtract')),
      Mul: reads(2, mergeNodes.merge('multiply')),
      Div: reads(2, mergeNodes.merge('divide')),
      RealDiv: reads(2, mergeNodes.merge('divide')),
      Maximum: reads(2, mergeNodes.merge('maximum')),
      Minimum: reads(2, mergeNodes.merge('minimum')),
      Equal: reads(2, mergeNodes.merge('equal')),
    },
  },
  concat: {
    layers: {Concatenate: concatenate},
    nodes: {ConcatV2: reads('list', concat)},
  },
  pad2d: {
    layers: {ZeroPadding2D: zeroPadding, Cropping2D: cropping},
    nodes: {Pad: reads(2, pad), PadV2: reads(3, pad)},
  },
  upsample2d: {
    layers: {UpSampling2D: upSampling},
    nodes: {},
  },
  resize2d: {
    layers: {},
    nodes: {ResizeBilinear: reads(2, resizeBilinear)},
  },
  gather2d: {
    layers: {},
    nodes: {
      ResizeNearestNeighbor: reads(2, resizeNearest),
      MirrorPad: reads(2, mirrorPad),
      Slice: reads(3, slice),
      StridedSlice: reads(4, slice),
    },
  },
  sliceChannels: {
    layers: {},
    nodes: {Split: reads(2, split), SplitV: reads(3, split)},
  },
  depthToSpace: {
    layers: {},
    nodes: {DepthToSpace: reads(1, depthToSpace)},
  },
  padChannels: {
    layers: {},
    // A Pad of the channels becomes one; most pad the space.
    nodes: {},
  },
  /** Layers of this kind compute nothing: any dtype goes through them. */
  reshape: {
    layers: {
      Flatten: reshapeLayers.flatten,
      Reshape: reshapeLayers.reshape,
      Dropout: reshapeLayers.same,
      SpatialDropout1D: reshapeLayers.same,
      GaussianNoise: reshapeLayers.same,
      GaussianDropout: reshapeLayers.same,
      AlphaDropout: reshapeLayers.same,
    },
    nodes: {
      Reshape: reads(2, reshapeNodes.reshape),
      Squeeze: reads(1, reshapeNodes.squeeze),
      ExpandDims: reads(2, reshapeNodes.expandDims),
      Transpose: reads(2, reshapeNodes.transpose),
      Pack: reads('list', reshapeNodes.pack),
      Unpack: reads(1, reshapeNodes.unpack),
      Identity: reads(1, reshapeNodes.same),
      StopGradient: reads(1, reshapeNodes.same),
      Snapshot: reads(1, reshapeNodes.same),
      Cast: reads(1, reshapeNodes.cast),
    },
  },
  external: {
    layers: {TimeDistributed: timeDistributed},
    nodes: {TopKV2: reads(2, topK)},
  },
} satisfies Readonly<Record<OpKind, KindImporters>>;

/** What is known under a name, and the kind it stands at. */
type Known<T> = T & {readonly kind: OpKind};

const kinds = Object.entries(importers) as [OpKind, KindImporters][];

export const layersByName: ReadonlyMap<string, Known<{importer: LayerImporter}>> = new Map(
  kinds.flatMap(([kind, {layers}]) =>
    Object.entries(layers).map(([name, importer]) => [name, {kind, importer}] as const),
  ),
);

export const nodesByOp: ReadonlyMap<string, Known<OpImporter>> = new Map(
  kinds.flatMap(([kind, {nodes}]) =>
    Object.entries(nodes).map(([op, importer]) => [op, {kind, ...importer}] as const),
  ),
);

/** A Map, unlike an object, has nothing under names such as 'constructor'. */
export const patternsByOp: ReadonlyMap<string, readonly NodePattern[]> = kinds.reduce(
  (all, [, {patterns = {}}]) => {
    for (const [op, some] of Object.entries(patterns)) all.set(op, [...(all.get(op) ?? []), ...some]);
    return all;
  },
  new Map<string, readonly NodePattern[]>(),
);
