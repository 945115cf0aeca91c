/** Calibrating a model: what a calibration sees of it, runners with settings of their own and the values of frames. */
import * as tf from '@tensorflow/tfjs-core';
import {
  calibrate,
  checkOptions,
  type Calibratable,
  type Calibration,
  type CalibrationOptions,
  type FrameValues,
  type Runner,
  type RunnerOptions,
} from '../calibration';
import {shown} from '../checks';
import type {Engines} from '../engines';
import type {Graph, Shape} from '../graph';
import {tensorsOf} from './frames';
import {readInputs, type Inputs, type PredictInput} from './inputs';
import {resolveOptions, type ReuseOptions} from './options';
import {Plans} from './plans';
import type {FrameReport} from './report';
import {namesOf} from './request';
import {replacing, showing, type Prediction, type Wrapped} from './wrapped';

/** A model with reuse, as far as a runner needs it. */
export interface Running {
  predictAsync(x: PredictInput): Promise<Prediction>;
  report(): Promise<FrameReport | null>;
  readonly lastRun: {readonly graph: Graph; rms(): Promise<ReadonlyMap<number, Float32Array>>} | null;
  dispose(): void;
}

/**
 * @param open makes a model with reuse of the same wrapped model
 */
function calibratable(
  wrapped: Wrapped,
  open: (wrapped: Wrapped, options: RunnerOptions) => Running,
): Calibratable<PredictInput> {
  const shared = withOneGraph(wrapped);
  return {
    name: wrapped.name,
    check(frame, t) {
      const {rows} = readFrame(frame, t, wrapped);
      if (rows === 1) return;
      throw new Error(
        `calibrate: each frame must be one frame, with a batch axis of 1; got a batch of ${rows}. Pass a batch as it is, ` +
          'not in a list.',
      );
    },
    open: (options) => runnerOf(open(shared, options)),
    read: (frame) => valuesOf(frame, wrapped),
    write: (inputs) => frameOf(inputs, wrapped),
  };
}

/** A clip is long: which of its frames does not fit is said. */
function readFrame(frame: PredictInput, t: number, wrapped: Wrapped): Inputs {
  try {
    return readInputs(frame, wrapped);
  } catch (error) {
    throw new Error(`calibrate: frames[${t}]: ${(error as Error).message}`, {cause: error});
  }
}

function runnerOf(model: Running): Runner<PredictInput> {
  return {
    predict: (frame) => model.predictAsync(frame),
    // A frame was predicted before anybody asks.
    work: async () => (await model.report())!,
    get graph() {
      return model.lastRun!.graph;
    },
    rms: () => model.lastRun!.rms(),
    dispose: () => model.dispose(),
  };
}

/** The same model, imported once for the same shapes and outputs: every runner compiles a plan of its own. */
function withOneGraph(wrapped: Wrapped): Wrapped {
  const graphs = new Map<string, Graph>();
  return replacing(wrapped, {
    graph(shapes: readonly Shape[], outputs: readonly string[]) {
      const key = JSON.stringify([shapes, outputs]);
      const graph = graphs.get(key) ?? wrapped.graph(shapes, outputs);
      graphs.set(key, graph);
      return graph;
    },
    async prepare(shapes, outputs) {
      const isNew = await wrapped.prepare(shapes, outputs);
      if (isNew) graphs.clear();
      return isNew;
    },
  });
}

async function valuesOf(frame: PredictInput, wrapped: Wrapped): Promise<FrameValues[]> {
  const made: tf.Tensor[] = [];
  try {
    const tensors = tensorsOf(readInputs(frame, wrapped), wrapped, made);
    const values = await Promise.all(tensors.map((tensor) => tensor.data()));
    return tensors.map(({shape, dtype}, i) => ({
      values: Float32Array.from(values[i]),
      shape,
      isWhole: dtype !== 'float32',
    }));
  } finally {
    tf.dispose(made);
  }
}

function frameOf(inputs: readonly FrameValues[], {inputs: declared}: Wrapped): tf.Tensor[] {
  return inputs.map(({values, shape}, i) => {
    const {dtype} = declared[i];
    return tf.tensor(
      dtype === 'bool' ? values.map((value) => (value > 0.5 ? 1 : 0)) : values,
      [...shape],
      dtype,
    );
  });
}

/** The frames of a list, or of a tensor that holds them along its first axis; `made` gets the tensors made here. */
function framesOf(
  frames: readonly PredictInput[] | tf.Tensor,
  {inputs, name}: Wrapped,
  made: tf.Tensor[],
): readonly PredictInput[] {
  if (Array.isArray(frames)) return Array.from(frames) as readonly PredictInput[];
  if (!(frames instanceof tf.Tensor) || frames.rank === 0)
    throw new Error(
      'calibrate: frames must be a list of what predict() takes, or a tensor of frames along its first axis; got ' +
        `${shown(frames)}.`,
    );
  if (inputs.length > 1)
    throw new Error(`calibrate: '${name}' has ${inputs.length} inputs, so that frames must be a list.`);
  const [count, ...rest] = frames.shape;
  for (let t = 0; t < count; t++) made.push(tf.slice(frames, [t, ...rest.map(() => 0)], [1, ...rest]));
  return made;
}

/** Options that a calibration's own runs have whatever the model was wrapped with. */
const NEUTRAL: ReuseOptions = {batch: 'time', verify: false, threshold: 0, inputThreshold: 0};

/** What a calibration is done on. */
export interface Subject {
  readonly wrapped: Wrapped;
  readonly engines: Engines;
  /** The options that the model was wrapped with. */
  readonly own: ReuseOptions;
  /** Makes another model with reuse of the same model. */
  open(options: ReuseOptions, plans: Plans): Running;
  /** Where `verbose` prints. */
  print(line: string): void;
}

export async function calibrateOn(
  {wrapped, engines, own, open, print}: Subject,
  frames: readonly PredictInput[] | tf.Tensor,
  options: CalibrationOptions,
): Promise<Calibration> {
  const checked = checkOptions(options);
  const made: tf.Tensor[] = [];
  const {outputs} = checked;
  try {
    const clip = framesOf(frames, wrapped, made);
    const shown = outputs ? showing(wrapped, namesOf([...outputs], wrapped)) : wrapped;
    const source = calibratable(shown, (one, tried) => {
      const all = {...own, ...NEUTRAL, ...tried};
      return open(all, new Plans(one, resolveOptions(all), engines));
    });
    return await calibrate(source, clip, checked, print);
  } finally {
    tf.dispose(made);
  }
}
