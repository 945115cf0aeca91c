/**
 * tfjs's convolution layers with reuse: the same configs, weights, errors and serialization, plus `reuse` and
 * `threshold`. Registered with tfjs, so that a model that holds them saves and loads.
 */
import {serialization} from '@tensorflow/tfjs-core';
import {layers} from '@tensorflow/tfjs-layers';
import {noneMisspelt} from '../checks';
import {WRAPPED_LAYER} from '../importers';
import {WrappingLayer, type ReuseArgs} from './reuse-layer';

/**
 * The config of one of tfjs's layers, and what reuse adds to it.
 * @typeParam F the layer's factory in tfjs
 */
export type IncrementalArgs<F extends (args: never) => layers.Layer> = Parameters<F>[0] & ReuseArgs;
type Config = serialization.ConfigDict;

/** Makes a plain layer for one of the classes below, under the name that tfjs gives to that one. */
function plain<A extends {name?: string}>(make: (args: A) => layers.Layer, args: A): layers.Layer {
  return make({...args, name: args.name ?? UNNAMED});
}

/** A name takes no number from tfjs's counters; the class that wraps the layer puts its own in the place. */
const UNNAMED = 'unnamed';

/** The classes below: their config is the plain layer's own. */
class IncrementalLayer extends WrappingLayer {
  constructor(wrapped: layers.Layer, args: ReuseArgs & {name?: string}) {
    // The others are the plain layer's own to judge.
    noneMisspelt(`${wrapped.getClassName()} with reuse: the config`, args, ['reuse', 'threshold']);
    super(wrapped, args, true, args.name);
    wrapped.name = this.name;
  }
}

/** `tf.layers.conv2d` with reuse. Config: that of tf.layers.conv2d, `reuse` (true) and `threshold` (0). */
export class IncrementalConv2D extends IncrementalLayer {
  static readonly className = 'IncrementalConv2D';
  constructor(args: IncrementalArgs<typeof layers.conv2d>) {
    super(plain(layers.conv2d, args), args);
  }
}

/** `tf.layers.conv1d` with reuse. */
export class IncrementalConv1D extends IncrementalLayer {
  static readonly className = 'IncrementalConv1D';
  constructor(args: IncrementalArgs<typeof layers.conv1d>) {
    super(plain(layers.conv1d, args), args);
  }
}

/** `tf.layers.depthwiseConv2d` with reuse. */
export class IncrementalDepthwiseConv2D extends IncrementalLayer {
  static readonly className = 'IncrementalDepthwiseConv2D';
  constructor(args: IncrementalArgs<typeof layers.depthwiseConv2d>) {
    super(plain(layers.depthwiseConv2d, args), args);
  }
}

/** `tf.layers.separableConv2d` with reuse. */
export class IncrementalSeparableConv2D extends IncrementalLayer {
  static readonly className = 'IncrementalSeparableConv2D';
  constructor(args: IncrementalArgs<typeof layers.separableConv2d>) {
    super(plain(layers.separableConv2d, args), args);
  }
}

/** Any layer with reuse; made by `withReuse(layer)`. Config: the wrapped layer's, as tfjs's own wrappers have it. */
export class Reuse extends WrappingLayer {
  static readonly className = 'Reuse';
  constructor(wrapped: layers.Layer, args: ReuseArgs = {}, owned = false) {
    super(wrapped, args, owned, wrapped.name);
  }

  override getConfig(): Config {
    const wrapped = this[WRAPPED_LAYER];
    const layer = {className: wrapped.getClassName(), config: wrapped.getConfig()};
    return {...this.reuseConfig(), name: this.name, layer};
  }

  static override fromConfig<T extends serialization.Serializable>(
    cls: serialization.SerializableConstructor<T>,
    config: Config,
  ): T {
    const {className, config: inner} = config['layer'] as {className: string; config: Config};
    const {classNameMap} = serialization.SerializationMap.getMap();
    if (!Object.hasOwn(classNameMap, className)) {
      throw new Error(
        `Reuse: cannot load a layer of class '${className}': register it with tf.serialization.registerClass.`,
      );
    }
    const [innerClass, fromConfig] = classNameMap[className];
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
