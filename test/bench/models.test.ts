/** The benchmark of pretrained models: its command line, and what is made of its figures. */
import {Command} from 'commander';
import {frontierChart, modelsText, withFrontier} from '../../bench/docs/models';
import {readModelsOptions} from '../../bench/models/options';
import type {ModelResult, ModelRun, ModelsResults} from '../../bench/models/results';

const options = (...argv: string[]) =>
  readModelsOptions(argv, new Command().exitOverride().configureOutput({writeErr: () => undefined}));

describe('the command line', () => {
  it('measures all models, all parts, by default', () => {
    const {models, parts, frames} = options();
    expect(models).toHaveLength(12);
    expect(parts).toEqual(['full', 'exact', 'frontier', 'calibrate']);
    expect(frames).toBe(36);
  });

  it('takes some of them, and refuses what there is not', () => {
    expect(options('--models', 'posenet,selfie', '--parts', 'full')).toMatchObject({
      models: ['posenet', 'selfie'],
      parts: ['full'],
    });
    expect(() => options('--models', 'alexnet')).toThrow("There is no 'alexnet'");
    expect(() => options('--parts', 'all')).toThrow("There is no 'all'");
  });
});

const run = (
  clip: ModelRun['clip'],
  setting: string,
  speedUp: number,
  agreement: number | null,
): ModelRun => ({
  clip,
  setting,
  gate: 8,
  threshold: 0.05,
  denseMs: 10 * speedUp,
  reuseMs: 10,
  speedUp,
  computed: 1 / speedUp,
  agreement,
  raw: 0.9,
});

const model = (name: string, measure: string | null, runs: ModelRun[]): ModelResult => ({
  name,
  measure,
  macs: 1.5e9,
  fullDenseMs: 100,
  fullEngineMs: 80,
  runs,
  calibrations: {},
});

const machine: ModelsResults['machine'] = {
  date: '2026-01-01',
  cpu: 'a processor',
  cores: 2,
  system: 'linux',
  memoryGiB: 8,
  load: 0,
  versions: {},
  energy: '',
};

describe('the page', () => {
  const plain = model('emotion', null, [run('camera', 'exact', 1.25, null)]);
  const posed = model('posenet', 'key points', [
    run('camera', 'exact', 1.5, 1),
    run('camera', 'by hand', 2, 0.95),
    run('sprites', 'calibrated', 4, 0.9),
  ]);
  const results: ModelsResults = {machine, frames: 8, models: [posed, plain]};

  it('has a table of full frames, exact ones, and calibrated ones', () => {
    const text = modelsText(results);
    expect(text).toMatch(/\| posenet \| +1\.50 \| +100 \| +80\.0 \| 0\.800 \|/);
    expect(text).toMatch(/\| emotion \| +80 \| +1\.25×/);
    expect(text).toMatch(/\| posenet \| sprites \|.*4\.00×.*0\.900 \|/);
  });

  it('has a chart of the models that were run with several settings', () => {
    expect(withFrontier(results)).toEqual([posed]);
    expect(frontierChart(posed)).toMatchObject({
      data: {
        values: [
          {clip: 'camera', setting: 'exact', speedUp: 1.5, agreement: 1},
          {clip: 'camera', setting: 'by hand', speedUp: 2, agreement: 0.95},
          {clip: 'sprites', setting: 'calibrated', speedUp: 4, agreement: 0.9},
        ],
      },
    });
  });

  it('charts models without a measure of their own by their outputs as they are', () => {
    const chart = frontierChart(model('emotion', null, [run('camera', 'by hand', 2, null)]));
    expect(chart).toMatchObject({
      title: 'emotion: speed against raw outputs',
      data: {values: [{setting: 'by hand', agreement: 0.9}]},
    });
  });
});
