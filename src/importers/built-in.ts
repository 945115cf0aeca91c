/**
 * Which layers are tfjs's own, told by their class itself: a user may have a class of the same name, or a subclass.
 *
 * tfjs does not export its classes, so one layer of each is made, once, when the first model is imported. Made with a
 * name, it takes no number from tfjs's counters; never built, it holds no tensor.
 */
import {layers, LayersModel, Sequential} from '@tensorflow/tfjs-layers';

type Layer = layers.Layer;

const name = 'tfjs-reuse';
const window = {filters: 1, kernelSize: 1, name};

/** A layer of every class that is known here. Those left out are random, stateful, or unknown to be neither. */
function samples(): Layer[] {
  return [
    ...convolutions(),
    ...pools(),
    ...pointwise(),
    ...merges(),
    ...moves(),
    ...preprocessing(),
    ...sequences(),
  ] as Layer[];
}

const convolutions = () => [
  layers.conv1d(window),
  layers.conv2d(window),
  layers.conv2dTranspose(window),
  layers.conv3d(window),
  layers.conv3dTranspose(window),
  layers.depthwiseConv2d({kernelSize: 1, name}),
  layers.separableConv2d(window),
  layers.dense({units: 1, name}),
];

const pools = () => [
  layers.maxPooling1d({name}),
  layers.maxPooling2d({name}),
  layers.maxPooling3d({name}),
  layers.averagePooling1d({name}),
  layers.averagePooling2d({name}),
  layers.averagePooling3d({name}),
  layers.globalMaxPooling1d({name}),
  layers.globalMaxPooling2d({name}),
  layers.globalAveragePooling1d({name}),
  layers.globalAveragePooling2d({name}),
];

const pointwise = () => [
  layers.activation({activation: 'linear', name}),
  layers.reLU({name}),
  layers.leakyReLU({name}),
  layers.thresholdedReLU({name}),
  layers.elu({name}),
  layers.softmax({name}),
  layers.prelu({name}),
  layers.batchNormalization({name}),
  layers.layerNormalization({name}),
  // At inference these hand on what they are given.
  layers.dropout({rate: 0, name}),
  layers.spatialDropout1d({rate: 0, name}),
  layers.gaussianNoise({stddev: 0, name}),
  layers.gaussianDropout({rate: 0, name}),
  layers.alphaDropout({rate: 0, name}),
];

const merges = () => [
  layers.add({name}),
  layers.multiply({name}),
  layers.average({name}),
  layers.maximum({name}),
  layers.minimum({name}),
  layers.concatenate({name}),
  layers.dot({axes: 1, name}),
];

const moves = () => [
  layers.zeroPadding2d({name}),
  layers.cropping2D({cropping: 0, name}),
  layers.upSampling2d({name}),
  layers.flatten({name}),
  layers.reshape({targetShape: [1], name}),
  layers.permute({dims: [1], name}),
  layers.repeatVector({n: 1, name}),
];

const preprocessing = () => [
  layers.rescaling({scale: 1, name}),
  layers.centerCrop({height: 1, width: 1, name}),
  layers.resizing({height: 1, width: 1, name}),
  layers.categoryEncoding({numTokens: 1, name}),
];

const sequences = () => [
  layers.embedding({inputDim: 1, outputDim: 1, name}),
  layers.masking({name}),
  layers.simpleRNN({units: 1, name}),
  layers.gru({units: 1, name}),
  layers.lstm({units: 1, name}),
  layers.timeDistributed({layer: layers.flatten({name}), name}),
  layers.bidirectional({layer: layers.simpleRNN({units: 1, name}) as layers.RNN, name}),
];

let classNames: ReadonlyMap<unknown, string> | null = null;

/** The class name of one of tfjs's own layers; null for any other layer, and where its methods were replaced. */
export function builtInName(layer: Layer): string | null {
  if (Object.hasOwn(layer, 'call') || Object.hasOwn(layer, 'apply')) return null;
  classNames ??= new Map(samples().map((sample) => [sample.constructor, sample.getClassName()]));
  return classNames.get(layer.constructor) ?? null;
}

/** Whether `layer` is a model that runs its layers as tfjs's own models do. */
export function isPlainModel(layer: Layer): layer is LayersModel {
  return (
    layer instanceof LayersModel &&
    (layer.call === LayersModel.prototype.call || layer.call === Sequential.prototype.call) &&
    layer.apply === LayersModel.prototype.apply
  );
}
