/** One side with one network: it predicts frames and times itself. Who else runs, and in which order, is not its business. */

export interface Prediction {
  /** From the input, as the side takes it, to the outputs' values. */
  readonly ms: number;
  /** In the order of the work's outputs, channels last. Valid until the next one. */
  readonly outputs: readonly Float32Array[];
}

export interface Player {
  predict(frame: Float32Array): Promise<Prediction>;
}
