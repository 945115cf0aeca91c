/** The ways in which each model is run: exactly, and with gates and thresholds from fine to coarse. */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import type * as tf from '@tensorflow/tfjs-core';
import {withReuse, type Calibration, type ReuseOptions} from '../../src';
import type {Setting} from './measure';
import type {MeasuredModel} from './models';

/** Gates in grey levels of 255, and thresholds in shares of each channel's RMS. */
const CAMERA: readonly (readonly [gate: number, threshold: number])[] = [
  [8, 0],
  [16, 0],
  [8, 0.05],
  [8, 0.1],
  [12, 0.15],
  [16, 0.3],
];
const SPRITES: typeof CAMERA = [
  [0, 0.02],
  [0, 0.05],
  [0, 0.1],
  [0, 0.3],
];

export type ClipName = Setting['clip'];

/** Exactly, with and without the policy that may leave a frame to the model. */
export function exactSettings(clip: ClipName): Setting[] {
  return [
    {clip, setting: 'exact', gate: 0, threshold: 0, options: {policy: 'incremental'}},
    {clip, setting: 'exact, auto', gate: 0, threshold: 0, options: {}},
  ];
}

/** From fine to coarse. */
export function frontier(clip: ClipName, measured: MeasuredModel): Setting[] {
  return (clip === 'camera' ? CAMERA : SPRITES).map(([gate, threshold]) => ({
    clip,
    setting: 'by hand',
    gate,
    threshold,
    options: optionsOf(measured, gate, threshold),
  }));
}

function optionsOf({greyLevel}: MeasuredModel, gate: number, threshold: number): ReuseOptions {
  return {
    policy: 'incremental',
    ...(gate > 0 && {inputThreshold: gate * greyLevel}),
    ...(threshold > 0 && {threshold: {relative: threshold}}),
  };
}

/** The least agreement that `calibrate` is asked for. */
const AT_LEAST: Readonly<Record<ClipName, number>> = {camera: 0.9, sprites: 0.98};
const MASKS_AT_LEAST = 0.95;

const leastFor = (clip: ClipName, {agreement}: MeasuredModel): number =>
  agreement!.title.includes('mask') ? MASKS_AT_LEAST : AT_LEAST[clip];

/** What `calibrate` finds, as a setting. */
export async function calibrated(
  model: GraphModel,
  measured: MeasuredModel,
  clip: readonly tf.Tensor[],
  name: ClipName,
): Promise<{setting: Setting; report: Calibration['report']}> {
  const reuse = withReuse(model);
  try {
    const calibration = await reuse.calibrate([...clip], {
      agreement: measured.agreement!.of,
      atLeast: leastFor(name, measured),
      outputs: measured.outputs,
    });
    const setting = {clip: name, setting: 'calibrated', gate: 0, threshold: 0, options: calibration};
    return {setting, report: calibration.report};
  } finally {
    reuse.dispose();
  }
}
