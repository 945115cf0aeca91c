/** The part of docs/performance.md that is about pretrained graph models, made from its figures. */
import type {TopLevelSpec} from 'vega-lite';
import {show, type Column} from '../columns';
import type {ModelResult, ModelRun, ModelsResults} from '../models/results';
import {markdownTable} from './markdown';

type Clip = ModelRun['clip'];

const CLIPS: readonly Clip[] = ['camera', 'sprites'];
/** What models are judged by of which no task's measure is known here. */
const RAW = 'raw outputs';

interface RunRow extends ModelRun {
  readonly model: string;
}

const measureOf = ({measure}: ModelResult): string => measure ?? RAW;

const agreementOf = ({agreement, raw}: ModelRun): number => agreement ?? raw;

const runsOf = ({name, runs}: ModelResult): RunRow[] => runs.map((run) => ({model: name, ...run}));

const fullColumns: Column<ModelResult>[] = [
  {title: 'Model', text: ({name}) => name},
  {title: 'GMAC', text: ({macs}) => show.number(macs / 1e9)},
  {title: 'tfjs wasm, ms', text: ({fullDenseMs}) => show.number(fullDenseMs)},
  {title: 'this engine, ms', text: ({fullEngineMs}) => show.number(fullEngineMs)},
  {title: 'of it', text: ({fullDenseMs, fullEngineMs}) => show.number(fullEngineMs / fullDenseMs)},
];

const runWith = ({runs}: ModelResult, clip: Clip, setting: string): ModelRun | undefined =>
  runs.find((run) => run.clip === clip && run.setting === setting);

const exactColumns: Column<ModelResult>[] = [
  {title: 'Model', text: ({name}) => name},
  ...CLIPS.flatMap((clip): Column<ModelResult>[] => [
    {title: `${clip}: computed, %`, text: (model) => show.percent(runWith(model, clip, 'exact')?.computed)},
    {title: 'incremental', text: (model) => show.times(runWith(model, clip, 'exact')?.speedUp)},
    {title: 'auto', text: (model) => show.times(runWith(model, clip, 'exact, auto')?.speedUp)},
  ]),
];

const calibratedColumns: Column<RunRow>[] = [
  {title: 'Model', text: ({model}) => model},
  {title: 'Clip', text: ({clip}) => clip},
  {title: 'tfjs wasm, ms', text: ({denseMs}) => show.number(denseMs)},
  {title: 'reuse, ms', text: ({reuseMs}) => show.number(reuseMs)},
  {title: 'Faster by', text: ({speedUp}) => show.times(speedUp)},
  {title: 'computed, %', text: ({computed}) => show.percent(computed)},
  {title: 'Agreement', text: (run) => agreementOf(run).toFixed(3)},
];

const frontierColumns: Column<RunRow>[] = [
  {title: 'Clip', text: ({clip}) => clip},
  {title: 'Gate', text: ({gate}) => String(gate)},
  {title: 'Threshold, %', text: ({threshold}) => show.percent(threshold)},
  ...calibratedColumns.slice(4),
];

export const frontierChartName = ({name}: ModelResult): string => `performance-models-${name}.svg`;

/** Models of which there is more than one setting to choose from. */
export const withFrontier = ({models}: ModelsResults): ModelResult[] =>
  models.filter(({runs}) => runs.some(({setting}) => setting === 'by hand'));

/** Speed against agreement, a point a setting. */
export function frontierChart(model: ModelResult): TopLevelSpec {
  const measure = measureOf(model);
  const values = model.runs
    .filter(({setting}) => setting !== 'exact, auto')
    .map((run) => ({
      clip: run.clip,
      setting: run.setting,
      speedUp: run.speedUp,
      agreement: agreementOf(run),
    }));
  return {
    background: 'white',
    padding: 8,
    title: `${model.name}: speed against ${measure}`,
    width: 560,
    height: 240,
    data: {values},
    mark: {type: 'point', filled: true, size: 70, opacity: 0.85},
    encoding: {
      x: {field: 'agreement', type: 'quantitative', title: measure, scale: {zero: false}},
      y: {field: 'speedUp', type: 'quantitative', title: 'times as fast as tfjs wasm'},
      color: {
        field: 'clip',
        type: 'nominal',
        title: null,
        scale: {domain: [...CLIPS], range: ['#1f5c94', '#c9952c']},
      },
      shape: {field: 'setting', type: 'nominal', title: null},
    },
  };
}

export function modelsText(results: ModelsResults): string {
  const {models} = results;
  const calibrated = models.flatMap(runsOf).filter(({setting}) => setting === 'calibrated');
  return [
    '### Every frame in full',
    markdownTable(fullColumns, models),
    '### Exactly',
    markdownTable(exactColumns, models),
    '### Calibrated',
    markdownTable(calibratedColumns, calibrated),
    noiseText(models),
    ...withFrontier(results).map(frontierText),
  ].join('\n\n');
}

function frontierText(model: ModelResult): string {
  const rows = runsOf(model).filter(({setting}) => setting === 'exact' || setting === 'by hand');
  const title = `${model.name}, speed against ${measureOf(model)}`;
  return [
    `### ${title}`,
    `![${title}, a point for each setting](${frontierChartName(model)})`,
    markdownTable(frontierColumns, rows),
  ].join('\n\n');
}

/** How steady the models themselves are: the yardstick for every agreement above. */
function noiseText(models: readonly ModelResult[]): string {
  const known = models.flatMap(({name, calibrations}) =>
    calibrations.camera ? [`${name} ${calibrations.camera.denseUnderNoise.toFixed(3)}`] : [],
  );
  return `The models' agreement with themselves where noise as strong as the camera's is added: ${known.join(', ')}.`;
}
