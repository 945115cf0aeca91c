/**
 * A network to be run, as files in a folder that every host can read: the model for tfjs, the same as ONNX and TensorFlow
 * Lite, frames, and what tfjs makes of the first of them. What is in which file; nothing is read or written here.
 */
export interface Work {
  readonly name: string;
  /** Which of tfjs's two kinds of model it is. */
  readonly kind: 'layers' | 'graph';
  /** Of an input, with the batch in front. */
  readonly shape: readonly number[];
  /** Asked for by name of a graph model; a LayersModel gives its own. */
  readonly outputs: readonly string[];
  /** How many values each output has. */
  readonly lengths: readonly number[];
  readonly frames: number;
  readonly macs: number;
  readonly onnx: {
    readonly input: OnnxSlot;
    readonly outputs: readonly OnnxSlot[];
  };
}

/** An input or an output of the ONNX model, by its own dimensions. */
export interface OnnxSlot {
  readonly name: string;
  readonly dims: readonly number[];
  /** Whether values have to be put in the other order of axes, for what is channels last in tfjs. */
  readonly turn: boolean;
}

export const FILES = {
  work: 'work.json',
  /** tfjs's, without weights. */
  model: 'model.json',
  weights: 'weights.bin',
  onnx: 'model.onnx',
  tflite: 'model.tflite',
  /** All frames, one after another. */
  frames: 'frames.bin',
  /** All outputs of the first frame, one after another. */
  expected: 'expected.bin',
} as const;
