/**
 * A tf.layers.Layer that stands in for another one and computes what changed since the last call.
 *
 * At inference it is one stream with a cache of its own for each input shape, the batch axis being time. On a gradient
 * tape a convolution is the differentiable kernel of tape/, exact whatever its threshold. Any other layer on a tape, a
 * layer in training without one, and with `reuse: false` every layer is the wrapped layer itself. Weights, losses, masks
 * and states are the wrapped layer's; nothing of them is kept here.
 */
import * as tf from '@tensorflow/tfjs-core';
import {layers, type LayerVariable} from '@tensorflow/tfjs-layers';
import {mixesRows, type Graph} from '../graph';
import {flag} from '../checks';
import {allEngines, Compilation, readThreshold, type Threshold} from '../engines';
import {importLayer, WRAPPED_LAYER} from '../importers';
import {frameOf, joinFrames, Stream} from '../stream';
import {Recent} from './recent';
import {OnTape} from './tape';

type Layer = layers.Layer;
/** A shape as tfjs-layers has it: with the batch axis, null where any size will do. */
export type LayerShape = (number | null)[];
type Kwargs = Parameters<Layer['call']>[1];
type Regularizers = Layer['losses'];

/** What the incremental layers add to tfjs's own configs. */
export interface ReuseArgs {
  /** False makes the layer an ordinary one. Default true. */
  reuse?: boolean;
  /** How far the cached output may be from the layer's own: absolute, or relative to a channel's RMS. Default 0. */
  threshold?: Threshold;
}

/** What a layer keeps for inputs of one shape on one backend. */
interface Place {
  readonly compilation: Compilation;
  readonly stream: Stream;
  /** Whether a batch can be taken apart into rows. */
  readonly rowwise: boolean;
}

/** The wrapped layer, on a batch or a frame. */
type Dense = (inputs: readonly tf.Tensor[]) => tf.Tensor[];

/** Input shapes a layer keeps a cache for: a layer shared by the levels of a pyramid sees several in each frame. */
const MOST_PLACES = 8;

/** What tfjs keeps of a layer beyond its public face. */
interface LayerParts {
  _refCount: number | null;
  activityRegularizer: unknown;
  batchInputShape?: LayerShape;
  dtype?: tf.DataType;
}

const partsOf = (layer: Layer) => layer as unknown as LayerParts;

export class WrappingLayer extends layers.Layer {
  readonly [WRAPPED_LAYER]: Layer;
  private readonly reuse: boolean;
  private readonly threshold: Threshold;
  private readonly places = new Recent<Place>(MOST_PLACES, disposePlace);
  private readonly tape: OnTape;

  /**
   * @param wrapped the layer that computes; may have been built
   * @param owned whether its weights are this layer's to dispose
   * @param name the layer's; tfjs numbers one by its class where there is none
   */
  constructor(
    wrapped: Layer,
    {reuse = true, threshold = 0}: ReuseArgs,
    private readonly owned: boolean,
    name: string | undefined,
  ) {
    super(name === undefined ? {} : {name});
    this.reuse = flag(`Layer '${this.name}': reuse`, reuse);
    this.threshold = readThreshold(`Layer '${this.name}': threshold`, threshold);
    this[WRAPPED_LAYER] = wrapped;
    this.tape = new OnTape(wrapped, this.name);
    this.supportsMasking = wrapped.supportsMasking;
    this.initialWeights = wrapped.initialWeights;
    this.inputSpec = wrapped.inputSpec;
    const {activityRegularizer, batchInputShape, dtype} = partsOf(wrapped);
    Object.assign(
      partsOf(this),
      {activityRegularizer},
      batchInputShape && {batchInputShape},
      dtype && {dtype},
    );
  }

  /** Bytes of the layer's cached activations. */
  get cacheBytes(): number {
    return this.places.values.reduce((sum, {stream}) => sum + stream.cache.bytes, 0);
  }

  /** Forgets the last input. */
  reset(): void {
    this.places.values.forEach(({stream}) => stream.reset());
  }

  // What tfjs asks of a layer's weights and state, the wrapped layer answers, so that the two can never disagree.

  override get built(): boolean {
    return this[WRAPPED_LAYER].built;
  }

  override set built(built: boolean) {
    this[WRAPPED_LAYER].built = built;
  }

  override get trainable(): boolean {
    return this[WRAPPED_LAYER].trainable;
  }

  override set trainable(trainable: boolean) {
    this[WRAPPED_LAYER].trainable = trainable;
  }

  override get trainableWeights(): LayerVariable[] {
    return this[WRAPPED_LAYER].trainableWeights;
  }

  override set trainableWeights(weights: LayerVariable[]) {
    this[WRAPPED_LAYER].trainableWeights = weights;
  }

  override get nonTrainableWeights(): LayerVariable[] {
    return this[WRAPPED_LAYER].nonTrainableWeights;
  }

  override set nonTrainableWeights(weights: LayerVariable[]) {
    this[WRAPPED_LAYER].nonTrainableWeights = weights;
  }

  override get losses(): Regularizers {
    return this[WRAPPED_LAYER].losses;
  }

  override get updates(): tf.Tensor[] {
    return this[WRAPPED_LAYER].updates;
  }

  override get stateful(): boolean {
    return this[WRAPPED_LAYER].stateful;
  }

  override resetStates(): void {
    this[WRAPPED_LAYER].resetStates();
  }

  override setFastWeightInitDuringBuild(value: boolean): void {
    this[WRAPPED_LAYER].setFastWeightInitDuringBuild(value);
  }

  override build(inputShape: LayerShape | LayerShape[]): void {
    this[WRAPPED_LAYER].build(inputShape);
  }

  override computeOutputShape(inputShape: LayerShape | LayerShape[]): LayerShape | LayerShape[] {
    return this[WRAPPED_LAYER].computeOutputShape(inputShape);
  }

  override computeMask(
    inputs: tf.Tensor | tf.Tensor[],
    mask?: tf.Tensor | tf.Tensor[],
  ): tf.Tensor | tf.Tensor[] {
    return this[WRAPPED_LAYER].computeMask(inputs, mask);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], given: Kwargs | undefined): tf.Tensor | tf.Tensor[] {
    const kwargs = given ?? {};
    const wrapped = this[WRAPPED_LAYER];
    this.invokeCallHook(inputs, kwargs);
    // A layer that was built before its first use has no count of its users yet, and could not be disposed.
    partsOf(this)._refCount ??= 1;
    const list = [inputs].flat();
    const plain = !this.reuse || kwargs['mask'] != null;
    if (plain || list.some(({dtype, size}) => dtype !== 'float32' || size === 0))
      return wrapped.call(inputs, kwargs);
    if (tf.engine().isTapeOn()) return this.tape.call(list) ?? wrapped.call(inputs, kwargs);
    return kwargs['training'] ? wrapped.call(inputs, kwargs) : this.callIncrementally(list, kwargs);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {...this[WRAPPED_LAYER].getConfig(), ...this.reuseConfig(), name: this.name};
  }

  /** Gives back the caches, and the weights where they are this layer's own. */
  override dispose(): ReturnType<Layer['dispose']> {
    const before = super.dispose();
    if (before.refCountAfterDispose > 0) return before;
    this.places.clear();
    this.tape.dispose();
    return before;
  }

  /** The weights of a layer that somebody else made stay theirs. */
  protected override disposeWeights(): number {
    return this.owned ? super.disposeWeights() : 0;
  }

  protected override assertInputCompatibility(inputs: Parameters<Layer['apply']>[0]): void {
    this.inputSpec = this[WRAPPED_LAYER].inputSpec;
    super.assertInputCompatibility(inputs);
  }

  /** What this class adds to the wrapped layer's config. */
  protected reuseConfig(): tf.serialization.ConfigDict {
    const threshold = typeof this.threshold === 'number' ? this.threshold : {...this.threshold};
    return {reuse: this.reuse, threshold};
  }

  private callIncrementally(inputs: tf.Tensor[], kwargs: Kwargs): tf.Tensor | tf.Tensor[] {
    const dense = (frame: readonly tf.Tensor[]) => {
      const outputs = this[WRAPPED_LAYER].call(frame.length === 1 ? frame[0] : [...frame], kwargs);
      return [outputs].flat();
    };
    const outputs = tf.tidy(() => this.compute(inputs, dense));
    return outputs.length === 1 ? outputs[0] : outputs;
  }

  private compute(inputs: tf.Tensor[], dense: Dense): tf.Tensor[] {
    const {compilation, stream, rowwise} = this.placeFor(inputs, dense);
    const {program} = compilation;
    const rows = inputs[0].shape[0];
    if (rows > 1 && !rowwise) return dense(inputs);
    if (rows > 1 && stream.decider.rests) {
      stream.decider.leave(program, null);
      const start = performance.now();
      const outputs = dense(inputs);
      const ms = (performance.now() - start) / rows;
      for (let row = 0; row < rows; row++) stream.decider.skip(ms);
      return outputs;
    }
    const frames = Array.from({length: rows}, (_, row) => {
      const frame = frameOf(inputs, row, rows);
      return stream.predict(program, frame, {changed: null, commit: true}, () => dense(frame));
    });
    return joinFrames(frames);
  }

  private placeFor(inputs: readonly tf.Tensor[], dense: Dense): Place {
    const shapes = inputs.map(({shape}) => shape.slice(1));
    return this.places.get(
      `${tf.getBackend()} ${JSON.stringify(shapes)}`,
      () => this.newPlace(inputs, dense),
      ({compilation}) => !compilation.isCurrent,
    );
  }

  private newPlace(inputs: readonly tf.Tensor[], dense: Dense): Place {
    const graph = this.graphFor(inputs, dense);
    const last = graph.nodes[graph.nodes.length - 1];
    const thresholds = new Map(this.threshold === 0 || !last ? [] : [[last.id, this.threshold]]);
    return {
      compilation: new Compilation(allEngines, 'auto', graph, {thresholds, inputThreshold: 0}),
      stream: new Stream({policy: 'auto', maxBytes: Infinity, verifier: null}),
      rowwise: !graph.nodes.some(mixesRows),
    };
  }

  private graphFor(inputs: readonly tf.Tensor[], dense: Dense): Graph {
    const shapes = inputs.map(({shape}) => shape.slice(1));
    try {
      return importLayer(this[WRAPPED_LAYER], shapes);
    } catch (error) {
      // What the layer itself refuses, it refuses in its own words.
      dense(inputs);
      throw error;
    }
  }
}

function disposePlace({compilation, stream}: Place): void {
  stream.dispose();
  compilation.program.dispose();
}
