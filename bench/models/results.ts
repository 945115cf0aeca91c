/** What the benchmark of pretrained models measures, as it is written to JSON. */
import type {Calibration} from '../../src';
import type {Machine} from '../results';

/** One way of running a model over a clip, beside the model itself. */
export interface ModelRun {
  readonly clip: 'camera' | 'sprites';
  /** 'exact', 'exact, auto', 'calibrated', or what was set by hand. */
  readonly setting: string;
  /** Noise gate in grey levels of 255, and threshold in shares of each channel's RMS; 0 where there are none. */
  readonly gate: number;
  readonly threshold: number;
  /** Milliseconds of a frame, medians: the model on tfjs's wasm backend, and with reuse. */
  readonly denseMs: number;
  readonly reuseMs: number;
  readonly speedUp: number;
  /** Share of a dense frame's multiply-adds that were computed, mean. */
  readonly computed: number;
  /** Mean agreement with the model itself, frame by frame, by the task's measure and over raw outputs. */
  readonly agreement: number | null;
  readonly raw: number;
}

export interface ModelResult {
  readonly name: string;
  readonly measure: string | null;
  /** Multiply-adds of a dense frame, and the share of them in the engine's own nodes. */
  readonly macs: number;
  /** Every frame in full: the model itself, and this engine. */
  readonly fullDenseMs: number;
  readonly fullEngineMs: number;
  readonly runs: readonly ModelRun[];
  /** What `calibrate` says, by clip. */
  readonly calibrations: Readonly<Partial<Record<'camera' | 'sprites', Calibration['report']>>>;
}

export interface ModelsResults {
  readonly machine: Machine;
  readonly frames: number;
  readonly models: readonly ModelResult[];
}
