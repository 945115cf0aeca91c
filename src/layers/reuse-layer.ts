/**
 * A tf.layers.Layer that stands in for another one, its weights shared, and computes what changed since the last call.
 *
 * At inference it is one stream with a cache of its own, the batch axis being time. While a gradient tape is on, in
 * training, and with `reuse: false`, it is the wrapped layer itself.
 */
import * as tf from '@tensorflow/tfjs-core';
import {layers, type LayerVariable} from '@tensorflow/tfjs-layers';
import {tfjsEngine, type Program, type Threshold} from '../engines';
import {importLayer, WRAPPED_LAYER} from '../importers';
import {frameOf, joinFrames, Stream} from '../stream';

type Layer = layers.Layer;
type Shape = (number | null)[];
type Kwargs = Parameters<Layer['call']>[1];

/** What the incremental layers add to tfjs's own configs. */
export interface ReuseArgs {
  /** False makes the layer an ordinary one. Default true. */
  reuse?: boolean;
  /** How far the cached output may be from the layer's own: absolute, or relative to a channel's RMS. Default 0. */
  threshold?: Threshold;
}

export class WrappingLayer extends layers.Layer {
  readonly [WRAPPED_LAYER]: Layer;
  private readonly reuse: boolean;
  private readonly threshold: Threshold;
  private stream: Stream | null = null;
  private program: Program | null = null;
  private programKey = '';

  /**
   * @param wrapped the layer that computes; may have been built
   * @param owned whether its weights are this layer's to dispose
   */
  constructor(
    wrapped: Layer,
    {reuse = true, threshold = 0}: ReuseArgs,
    private readonly owned: boolean,
  ) {
    super({name: wrapped.name, trainable: wrapped.trainable});
    this[WRAPPED_LAYER] = wrapped;
    this.reuse = reuse;
    this.threshold = threshold;
    this.supportsMasking = wrapped.supportsMasking;
    if (wrapped.built) this.shareWeights();
  }

  /** Bytes of the layer's cached activations. */
  get cacheBytes(): number {
    return this.stream?.cache.bytes ?? 0;
  }

  /** Forgets the last input. */
  reset(): void {
    this.stream?.reset();
  }

  override build(inputShape: Shape | Shape[]): void {
    const wrapped = this[WRAPPED_LAYER];
    if (!wrapped.built) wrapped.build(inputShape);
    this.shareWeights();
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    return this[WRAPPED_LAYER].computeOutputShape(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor | tf.Tensor[] {
    const wrapped = this[WRAPPED_LAYER];
    const list = [inputs].flat();
    const plain = !this.reuse || kwargs['training'] || kwargs['mask'] != null || tf.engine().isTapeOn();
    if (plain || list.some(({dtype}) => dtype !== 'float32')) return wrapped.call(inputs, kwargs);
    return tf.tidy(() => this.callIncrementally(list, kwargs));
  }

  override calculateLosses(): tf.Scalar[] {
    return this[WRAPPED_LAYER].calculateLosses();
  }

  override getConfig(): tf.serialization.ConfigDict {
    const threshold = typeof this.threshold === 'number' ? this.threshold : {...this.threshold};
    return {...this[WRAPPED_LAYER].getConfig(), reuse: this.reuse, threshold, name: this.name};
  }

  /** Gives back the cache, and the weights where they are this layer's own. */
  override dispose(): ReturnType<Layer['dispose']> {
    const before = super.dispose();
    if (before.refCountAfterDispose > 0) return before;
    this.stream?.dispose();
    this.program?.dispose();
    this.stream = null;
    this.program = null;
    return before;
  }

  /** The weights of a layer that somebody else made stay theirs. */
  protected override disposeWeights(): number {
    return this.owned ? super.disposeWeights() : 0;
  }

  private callIncrementally(inputs: tf.Tensor[], kwargs: Kwargs): tf.Tensor | tf.Tensor[] {
    const wrapped = this[WRAPPED_LAYER];
    const rows = inputs[0].shape[0];
    const program = this.programFor(inputs);
    const mixes = program.graph.nodes.some(({op}) => op.kind === 'external' && !op.rowwise);
    if (rows === 0 || (rows > 1 && mixes))
      return wrapped.call(inputs.length === 1 ? inputs[0] : inputs, kwargs);
    const stream = (this.stream ??= new Stream({policy: 'auto', maxBytes: Infinity, verify: false}));
    const dense = (frame: readonly tf.Tensor[]) =>
      [wrapped.call(frame.length === 1 ? frame[0] : [...frame], kwargs)].flat();
    const frames = Array.from({length: rows}, (_, row) =>
      stream.predict(program, frameOf(inputs, row, rows), {changed: null, commit: true}, dense),
    );
    const outputs = joinFrames(frames);
    return outputs.length === 1 ? outputs[0] : outputs;
  }

  private programFor(inputs: readonly tf.Tensor[]): Program {
    const shapes = inputs.map(({shape}) => shape.slice(1));
    const key = `${tf.getBackend()} ${JSON.stringify(shapes)}`;
    if (this.program && key === this.programKey) return this.program;
    this.program?.dispose();
    const graph = importLayer(this[WRAPPED_LAYER], shapes);
    const last = graph.nodes[graph.nodes.length - 1];
    const thresholds = new Map(this.threshold === 0 || !last ? [] : [[last.id, this.threshold]]);
    this.program = tfjsEngine.compile(graph, {thresholds, inputThreshold: 0});
    this.programKey = key;
    return this.program;
  }

  private shareWeights(): void {
    const wrapped = this[WRAPPED_LAYER];
    const variables = (all: LayerVariable[], trainable: boolean) =>
      all.filter((v) => v.trainable === trainable);
    this.trainableWeights = wrapped.trainable ? wrapped.trainableWeights : variables(wrapped.weights, true);
    this.nonTrainableWeights = variables(wrapped.weights, false);
    this.inputSpec = wrapped.inputSpec;
    this.built = true;
  }
}
