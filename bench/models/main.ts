/**
 * The command: pretrained graph models over a camera's clip and over sprites, beside themselves on tfjs's wasm backend.
 * Needs `npm run models`. `npm run bench:models -- --help` lists the options.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {ready, setThreads} from '../../src';
import {useBackend} from '../../examples/atari/backend';
import {openClip} from '../../examples/camera/clips';
import {loadModel} from '../../examples/camera/load-model';
import {writeJson} from '../json';
import {describeMachine} from '../machine';
import {measureFull, measureRun, type Setting} from './measure';
import {measuredModel, type MeasuredModel} from './models';
import {readModelsOptions, type ModelsOptions} from './options';
import type {ModelResult, ModelRun, ModelsResults} from './results';
import {calibrated, exactSettings, frontier, type ClipName} from './settings';

const CLIPS: readonly ClipName[] = ['camera', 'sprites'];
/** Frames that are computed in full. */
const FULL = 8;

interface Work {
  readonly model: GraphModel;
  readonly measured: MeasuredModel;
  readonly clips: Readonly<Record<ClipName, tf.Tensor[]>>;
  readonly options: ModelsOptions;
}

async function runsOver(clip: ClipName, work: Work): Promise<{runs: ModelRun[]; report: Report | null}> {
  const {model, measured, clips, options} = work;
  const has = (part: ModelsOptions['parts'][number]) => options.parts.includes(part);
  const settings: Setting[] = [
    ...(has('exact') ? exactSettings(clip) : []),
    // What comes behind a tail that waits has no fixed size: nothing to compare by numbers.
    ...(has('frontier') && !measured.waits ? frontier(clip, measured) : []),
  ];
  let report: Report | null = null;
  if (has('calibrate') && measured.agreement) {
    const found = await calibrated(model, measured, clips[clip], clip);
    settings.push(found.setting);
    report = found.report;
  }
  const runs: ModelRun[] = [];
  for (const setting of settings) {
    const run = await measureRun(model, measured, clips[clip], setting);
    console.log(describe(measured.name, run));
    runs.push(run);
  }
  return {runs, report};
}

type Report = NonNullable<ModelResult['calibrations']['camera']>;

function describe(
  name: string,
  {clip, setting, gate, threshold, speedUp, computed, agreement, ...run}: ModelRun,
) {
  const agrees = agreement === null ? '' : `, agreement ${agreement.toFixed(3)}`;
  return (
    `${name}, ${clip}, ${setting} (gate ${gate}, threshold ${threshold}): ${speedUp.toFixed(2)} times as fast ` +
    `(${run.denseMs.toFixed(1)} / ${run.reuseMs.toFixed(1)} ms), ${(100 * computed).toFixed(0)} % computed${agrees}`
  );
}

async function measureModel(name: string, options: ModelsOptions): Promise<ModelResult> {
  const measured = measuredModel(name);
  const model = await loadModel(name);
  const clipOf = (clip: ClipName) =>
    openClip({clip, frames: options.frames}, measured.size).map((picture) => measured.encode(picture));
  const clips = {camera: clipOf('camera'), sprites: clipOf('sprites')};
  const full = options.parts.includes('full')
    ? await measureFull(model, measured, clips.camera.slice(0, FULL))
    : {denseMs: 0, engineMs: 0, macs: 0};
  console.log(`${name}: in full ${full.engineMs.toFixed(1)} ms, the model ${full.denseMs.toFixed(1)} ms`);
  const runs: ModelRun[] = [];
  const calibrations: Partial<Record<ClipName, Report>> = {};
  for (const clip of CLIPS) {
    const {runs: own, report} = await runsOver(clip, {model, measured, clips, options});
    runs.push(...own);
    if (report) calibrations[clip] = report;
  }
  tf.dispose(clips);
  model.dispose();
  return {
    name,
    measure: measured.agreement?.title ?? null,
    macs: full.macs,
    fullDenseMs: full.denseMs,
    fullEngineMs: full.engineMs,
    runs,
    calibrations,
  };
}

async function main(): Promise<void> {
  const options = readModelsOptions(process.argv.slice(2));
  await useBackend('wasm');
  // Figures are of one thread: so are most of those that they stand beside.
  await setThreads(1);
  await ready();
  const models: ModelResult[] = [];
  const results: ModelsResults = {machine: describeMachine(null, ''), frames: options.frames, models};
  for (const name of options.models) {
    models.push(await measureModel(name, options));
    writeJson(options.json, results);
  }
  console.log(`Written to ${options.json}`);
}

main().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
