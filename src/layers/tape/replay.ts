/**
 * A linear part over the rows of a batch, as consecutive frames: forwards, and once more under record for the gradients
 * of its weights. Between two calls nothing is kept but the compiled program; so there is nothing that a tape which never
 * goes back could leave behind, and what a second pass forwards costs is small where little changes.
 */
import * as tf from '@tensorflow/tfjs-core';
import {ActivationCache} from '../../cache';
import {planeOf, sizeOf, type Graph} from '../../graph';
import type {Engine, Program, Recording} from '../../engines';
import {inputGradient} from './backend';
import type {Convolution} from './kernel';
import type {LinearPart} from './linear';

const EXACT = {thresholds: new Map<number, number>(), inputThreshold: 0};

/** Inputs of the kernel: the batch, and the weights in the graph's order. */
type Inputs = readonly tf.Tensor[];

export class FrameConvolution implements Convolution {
  private readonly graph: Graph;
  private readonly size: {readonly input: number; readonly output: number};
  /** The weights of the call under way: those a tape saved may be older than the layer's. */
  private weights: readonly tf.Tensor[] = [];
  private program: Program | null = null;
  private isDisposed = false;

  constructor(
    readonly part: LinearPart,
    private readonly layer: string,
    private readonly engine: Engine,
  ) {
    const {graph} = part;
    const weights = graph.weights.map((weight, i) => ({...weight, read: () => this.weights[i]}));
    this.graph = {...graph, weights};
    const [input, output] = [graph.inputs[0], graph.outputs[0]].map((id) => sizeOf(graph.values[id].shape!));
    this.size = {input, output};
  }

  /** Whether the engine has the memory that it takes. */
  fits(inputs: Inputs): boolean {
    return this.use(inputs, (program, cache) => program.unsupportedReason(cache) === null);
  }

  forward(inputs: Inputs): tf.Tensor {
    const [{shape}] = inputs;
    const values = new Float32Array(shape[0] * this.size.output);
    this.use(inputs, (program, cache) => this.run(program, cache, inputs[0], values, null));
    return tf.tensor(values, [shape[0], ...this.graph.values[this.graph.outputs[0]].shape!]);
  }

  gradients(dy: tf.Tensor, inputs: Inputs): (() => tf.Tensor)[] {
    const [, ...weights] = inputs;
    let replayed: Map<number, Float32Array> | null = null;
    const gradientOf = (index: number) => (replayed ??= this.replay(dy, inputs)).get(index)!;
    return [
      () => inputGradient(this.part, this.layer, dy, weights),
      ...weights.map(
        ({shape}, index) =>
          () =>
            tf.tensor(gradientOf(index), shape),
      ),
    ];
  }

  /** Gives the program's memory back. A tape whose backward pass is still to come makes it anew for as long as it takes. */
  dispose(): void {
    this.isDisposed = true;
    this.program?.dispose();
    this.program = null;
  }

  private replay(dy: tf.Tensor, inputs: Inputs): Map<number, Float32Array> {
    const {outputs, weights} = this.graph;
    const wanted = new Set(weights.keys());
    return this.use(inputs, (program, cache) => {
      const options = {weights: wanted, cutPoints: outputs, maxBytes: Infinity, keepsRows: false};
      const recording = program.record(cache, options);
      try {
        this.run(program, cache, inputs[0], null, recording);
        return recording.backward([dy.dataSync<'float32'>()]);
      } finally {
        recording.dispose();
      }
    });
  }

  /**
   * Runs all rows.
   * @param into where the results go, row by row; null where nobody wants them
   */
  private run(
    program: Program,
    cache: ActivationCache,
    x: tf.Tensor,
    into: Float32Array | null,
    recording: Recording | null,
  ): void {
    const {input, output} = this.size;
    const {channels} = planeOf(this.graph.values[this.graph.inputs[0]]);
    const data = x.dataSync<'float32'>();
    const buffer = into ?? new Float32Array(output);
    for (let row = 0; row < x.shape[0]; row++) {
      const frame = [{data: data.subarray(row * input, (row + 1) * input), stride: channels}];
      const out = into ? buffer.subarray(row * output, (row + 1) * output) : buffer;
      const options = recording ? {out, recording} : {out};
      program.run(cache, frame, program.difference(cache, frame, null), options);
    }
  }

  /** Some work with the program, for these weights, on a cache that goes with it. */
  private use<T>([, ...weights]: Inputs, work: (program: Program, cache: ActivationCache) => T): T {
    this.weights = weights;
    const cache = new ActivationCache();
    try {
      if (this.program?.isLost) this.program = null;
      this.program ??= this.engine.compile(this.graph, EXACT);
      this.program.refresh();
      return work(this.program, cache);
    } finally {
      cache.dispose();
      if (this.isDisposed) this.dispose();
    }
  }
}
