/** What a run was asked to do, a line that says so, and the options of `withReuse` that follow from it. */
import type {ReuseOptions} from '../../src';
import type {Backend} from '../atari/backend';
import type {ClipRequest} from './clips';
import type {CameraModel} from './models/task';

export interface Settings extends ClipRequest, Required<Pick<ReuseOptions, 'engine' | 'policy'>> {
  /** A model's name. */
  readonly model: string;
  readonly backend: Backend;
  /** A pixel counts as changed where it moved by more than this, in 255 grey levels. */
  readonly gate: number;
  /** Of every node, relative to its channels' RMS. */
  readonly threshold: number;
  /** Options of `withReuse` from a file, which take the place of those above. */
  readonly calibration?: ReuseOptions;
}

/** Where things are written to. */
export interface Paths {
  readonly out?: string;
}

export function reuseOptions(settings: Settings, {greyLevel}: CameraModel): ReuseOptions {
  const {engine, policy, gate, threshold, calibration} = settings;
  const approximate = {inputThreshold: gate * greyLevel, threshold: {relative: threshold}};
  return {engine, policy, ...approximate, ...calibration};
}

/** What a pixel must move by to count as changed, in 255 grey levels; whether its neighbours must too is left out. */
export function gateLevel(settings: Settings, task: CameraModel): number {
  const {inputThreshold = 0} = reuseOptions(settings, task);
  const value = typeof inputThreshold === 'number' ? inputThreshold : inputThreshold.value;
  // A whole level stays one, whatever the units of the input made of it.
  return +(value / task.greyLevel).toFixed(6);
}

export function describe({model, clip, source, frames, ...settings}: Settings): string {
  const {backend, engine, policy, gate, threshold, calibration} = settings;
  const shown = clip === 'sprites' ? 'sprites over a frame of ' : '';
  const bounds = calibration ? 'calibrated' : boundsText(gate, threshold);
  return (
    `${model} on ${shown}${source ?? 'the clip'}, ${frames} frames, backend ${backend}, engine ${engine}, ` +
    `policy ${policy}, ${bounds}`
  );
}

function boundsText(gate: number, threshold: number): string {
  if (gate === 0 && threshold === 0) return 'exact';
  return `gate ${gate} of 255, threshold ${+(100 * threshold).toFixed(3)} %`;
}
