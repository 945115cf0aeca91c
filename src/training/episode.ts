/**
 * Recorded frames and their gradients. Forwards a frame costs what its change costs; backwards too, for the gradient of a
 * pixel is summed up over all frames that used it and sent down once.
 */
import * as tf from '@tensorflow/tfjs-core';
import {func, shown} from '../checks';
import {weightTensor, type Recording} from '../engines';
import type {Head} from './head';
import type {Split} from './split';
import type {EpisodeSource} from './start';

interface Parts {
  /** Indices of the weights whose gradients are wanted. */
  readonly weights: ReadonlySet<number>;
  readonly split: Split;
  readonly head: Head;
  readonly recording: Recording;
}

/** A loss, and the gradients of all trainable weights by their variables' names: what `optimizer.applyGradients` takes. */
export interface ValueAndGrads {
  readonly value: tf.Scalar;
  readonly grads: tf.NamedTensorMap;
}

/**
 * The frames predicted since `model.record()`, until `valueAndGrads` or `dispose`. The gradients are exact: those of the
 * plain model over the same frames, one by one.
 */
export class Episode<P = tf.Tensor | tf.Tensor[] | tf.NamedTensorMap> {
  private stacked: {readonly frames: number; readonly outputs: tf.Tensor[]} | null = null;
  private state: 'recording' | 'differentiated' | 'disposed' = 'recording';
  /** Frames when it ended. */
  private ended = 0;

  /** @internal Use `model.record()`. */
  constructor(
    private readonly source: EpisodeSource<P>,
    private readonly parts: Parts,
  ) {}

  /** Frames recorded so far. */
  get frames(): number {
    return this.state === 'recording' ? this.parts.recording.frames : this.ended;
  }

  /** Bytes held: what frames overwrote, and their outputs. */
  get bytes(): number {
    const outputs = this.stacked?.outputs ?? [];
    return this.parts.recording.bytes + outputs.reduce((sum, {size}) => sum + 4 * size, 0);
  }

  /**
   * What `predict` returned for the frames so far, stacked: [frames, …] for each output. The tensors are the episode's: they
   * are disposed with it, or by asking again after another frame.
   */
  get outputs(): P {
    if (this.state === 'disposed') throw new Error('This episode is disposed.');
    if (this.state === 'recording' && this.stacked?.frames !== this.frames) this.stack();
    if (!this.stacked) throw new Error('This episode is over: ask for its outputs before valueAndGrads().');
    return this.source.pack(this.stacked.outputs);
  }

  /**
   * The loss of the outputs, and its gradients. Goes back through all frames once; the episode is over then, and the
   * stream's next frame is computed in full.
   *
   * @param loss any differentiable function of the stacked outputs to a scalar; frames may be coupled
   * @returns fresh tensors: the loss, and a gradient for each trainable weight by its variable's name
   * @throws where the loss is no scalar or ignores the outputs (the episode goes on then), or a weight has changed
   */
  valueAndGrads(loss: (outputs: P) => tf.Scalar): ValueAndGrads {
    this.checkOpen();
    func('valueAndGrads(): the loss', loss, 'a function of the stacked outputs');
    this.checkFrames();
    return tf.tidy(() => {
      const {value, rows, weights} = this.differentiate(loss);
      const below = this.runBackward(rows);
      const {graph} = this.source.program;
      const grads: tf.NamedTensorMap = {};
      for (const index of this.parts.weights) {
        const {name, shape} = graph.weights[index];
        const values = below.get(index);
        const own = weights[name] as tf.Tensor | undefined;
        const gradient = values ? tf.tensor(values, [...shape], 'float32') : tf.zeros([...shape]);
        grads[name] = own ? tf.add(own, gradient) : gradient;
      }
      return {value, grads};
    });
  }

  /** Ends the episode and gives its memory back. The model goes on from the last frame. */
  dispose(): void {
    if (this.state === 'recording') {
      this.ended = this.frames;
      this.parts.recording.dispose();
    }
    this.end('disposed');
    this.stacked?.outputs.forEach((tensor) => tensor.dispose());
    this.stacked = null;
  }

  private runBackward(rows: readonly Float32Array[]): Map<number, Float32Array> {
    // What was asked for before is to be of all frames, as long as they are there.
    if (this.stacked && this.stacked.frames !== this.frames) this.stack();
    this.ended = this.frames;
    try {
      return this.parts.recording.backward(rows);
    } finally {
      // After an error too: after half a backward pass nothing of it is of use.
      this.parts.recording.dispose();
      this.end('differentiated');
    }
  }

  private end(state: 'differentiated' | 'disposed'): void {
    if (this.state === 'recording') this.source.stop();
    this.state = state;
  }

  /** That there are frames, and that they are of use: before anybody computes with them. */
  private checkFrames(): void {
    this.source.checkIdle();
    this.parts.recording.check();
    if (this.frames === 0) throw new Error('No frame is recorded yet. Predict some after record().');
  }

  private checkOpen(): void {
    if (this.state === 'recording') return;
    throw new Error(
      this.state === 'disposed'
        ? 'This episode is disposed.'
        : 'valueAndGrads() was called before: it runs the backward pass over the frames once, and gives them up. Record anew.',
    );
  }

  private stack(): void {
    this.checkFrames();
    this.stacked?.outputs.forEach((tensor) => tensor.dispose());
    const outputs = tf.tidy(() => this.parts.head(this.rows()).map((tensor) => tf.keep(tensor)));
    this.stacked = {frames: this.frames, outputs};
  }

  /** The cut points' rows: [frames, …shape] each. */
  private rows(): tf.Tensor[] {
    const {recording, split} = this.parts;
    const {values} = this.source.program.graph;
    return split.cutPoints.map((id, i) =>
      tf.tensor(recording.rows(i).slice(), [this.frames, ...values[id].shape!]),
    );
  }

  /** The loss, its gradients for the cut points' rows, and those for weights above them or in the loss itself. */
  private differentiate(loss: (outputs: P) => tf.Scalar) {
    const {graph} = this.source.program;
    const rows = this.rows().map((tensor) => tf.variable(tensor));
    const above = [...this.parts.weights].map((index) => weightTensor(graph.weights[index]));
    try {
      // Copies: what the loss keeps of its argument must outlive the rows.
      const forward = () =>
        checkScalar(loss(this.source.pack(this.parts.head(rows).map((tensor) => tf.clone(tensor)))));
      const {value, grads} = variableGrads(forward, [...rows, ...above.filter(isVariable)]);
      const own = rows.map(({name, size}) => grads[name]?.dataSync<'float32'>() ?? new Float32Array(size));
      if (rows.every(({name}) => !grads[name])) throw new Error(IGNORED);
      return {value, rows: own, weights: grads};
    } finally {
      rows.forEach((row) => row.dispose());
    }
  }
}

const IGNORED =
  'valueAndGrads(): the loss does not depend on the outputs it was given, so that there is nothing to train. Compute it ' +
  "from the function's argument, not from earlier results.";

/** A trainable weight of a layers model is a variable; tfjs says so by this field, whichever copy of it made it. */
function isVariable(tensor: tf.Tensor): tensor is tf.Variable {
  return 'trainable' in tensor;
}

function checkScalar(value: tf.Scalar): tf.Scalar {
  const {shape} = (value ?? {}) as Partial<tf.Tensor>;
  if (shape?.length === 0) return value;
  let came = shape ? `one of shape [${shape.join(', ')}]. Sum or average it` : shown(value);
  if ((value as unknown) instanceof Promise) came = 'a Promise. It must not be async';
  throw new Error(`valueAndGrads(): the loss must return a scalar tensor, got ${came}.`);
}

/** As tf.variableGrads, with what went wrong said in the terms of the caller. */
function variableGrads(
  loss: () => tf.Scalar,
  variables: tf.Variable[],
): {value: tf.Scalar; grads: tf.NamedTensorMap} {
  try {
    return tf.variableGrads(loss, variables);
  } catch (error) {
    const {message} = error as Error;
    const kernel = /Kernel '(\w+)' not registered/.exec(message)?.[1];
    if (kernel) {
      throw new Error(
        `valueAndGrads(): the loss, or the layers above the recorded part, needs '${kernel}', which tfjs's backend ` +
          `'${tf.getBackend()}' does not have. Write the loss with other ops, or use another backend.`,
        {cause: error},
      );
    }
    if (message.startsWith('Cannot find a connection')) throw new Error(IGNORED, {cause: error});
    throw error;
  }
}
