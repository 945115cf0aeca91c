/**
 * tfjs's convolution layers with reuse: the same configs, weights, errors and serialization, plus `reuse` and
 * `threshold`. Registered with tfjs, so that a model that holds them saves and loads.
 */
import {serialization} from '@tensorflow/tfjs-core';
import {layers} from '@tensorflow/tfjs-layers';
import {WRAPPED_LAYER} from '../importers';
import {WrappingLayer, type ReuseArgs} from './reuse-layer';

type Args<F extends (args: never) => layers.Layer> = Parameters<F>[0] & ReuseArgs;
type Config = serialization.ConfigDict;

let made = 0;

/** A name for a layer that was given none, as tfjs numbers them. */
function named<A extends {name?: string}>(args: A, kind: string): A {
  return args.name === undefined ? {...args, name: `incremental_${kind}_${++made}`} : args;
}

/** The input shape a layer was given, which makes it a possible first layer of a sequential model. */
interface FirstLayer {
  batchInputShape?: (number | null)[];
}

function keepInputShape(from: layers.Layer, to: layers.Layer): void {
  const {batchInputShape} = from as FirstLayer;
  if (batchInputShape) (to as FirstLayer).batchInputShape = batchInputShape;
}

/** `tf.layers.conv2d` with reuse. Config: that of tf.layers.conv2d, `reuse` (true) and `threshold` (0). */
export class IncrementalConv2D extends WrappingLayer {
  static readonly className = 'IncrementalConv2D';
  constructor(args: Args<typeof layers.conv2d>) {
    super(layers.conv2d(named(args, 'conv2d')), args, true);
    keepInputShape(this[WRAPPED_LAYER], this);
  }
}

/** `tf.layers.conv1d` with reuse. */
export class IncrementalConv1D extends WrappingLayer {
  static readonly className = 'IncrementalConv1D';
  constructor(args: Args<typeof layers.conv1d>) {
    super(layers.conv1d(named(args, 'conv1d')), args, true);
    keepInputShape(this[WRAPPED_LAYER], this);
  }
}

/** `tf.layers.depthwiseConv2d` with reuse. */
export class IncrementalDepthwiseConv2D extends WrappingLayer {
  static readonly className = 'IncrementalDepthwiseConv2D';
  constructor(args: Args<typeof layers.depthwiseConv2d>) {
    super(layers.depthwiseConv2d(named(args, 'depthwise_conv2d')), args, true);
    keepInputShape(this[WRAPPED_LAYER], this);
  }
}

/** `tf.layers.separableConv2d` with reuse. */
export class IncrementalSeparableConv2D extends WrappingLayer {
  static readonly className = 'IncrementalSeparableConv2D';
  constructor(args: Args<typeof layers.separableConv2d>) {
    super(layers.separableConv2d(named(args, 'separable_conv2d')), args, true);
    keepInputShape(this[WRAPPED_LAYER], this);
  }
}

/** Any layer with reuse; made by `withReuse(layer)`. Config: the wrapped layer's, as tfjs's own wrappers have it. */
export class Reuse extends WrappingLayer {
  static readonly className = 'Reuse';
  constructor(wrapped: layers.Layer, args: ReuseArgs = {}, owned = false) {
    super(wrapped, args, owned);
    keepInputShape(wrapped, this);
  }

  override getConfig(): Config {
    const {reuse, threshold, name} = super.getConfig();
    const wrapped = this[WRAPPED_LAYER];
    return {reuse, threshold, name, layer: {className: wrapped.getClassName(), config: wrapped.getConfig()}};
  }

  static override fromConfig<T extends serialization.Serializable>(
    cls: serialization.SerializableConstructor<T>,
    config: Config,
  ): T {
    const {className, config: inner} = config['layer'] as {className: string; config: Config};
    const registered = serialization.SerializationMap.getMap().classNameMap[className];
    if (!registered) {
      throw new Error(
        `Reuse: cannot load a layer of class '${className}': register it with tf.serialization.registerClass.`,
      );
    }
    const [innerClass, fromConfig] = registered;
    const wrapped = fromConfig(innerClass, inner) as layers.Layer;
    const args: ReuseArgs = {reuse: config['reuse'] as boolean, threshold: config['threshold'] as number};
    const Class = cls as unknown as new (wrapped: layers.Layer, args: ReuseArgs, owned: boolean) => T;
    return new Class(wrapped, args, true);
  }
}

for (const layer of [
  IncrementalConv2D,
  IncrementalConv1D,
  IncrementalDepthwiseConv2D,
  IncrementalSeparableConv2D,
  Reuse,
]) {
  serialization.registerClass(
    layer as unknown as serialization.SerializableConstructor<serialization.Serializable>,
  );
}
