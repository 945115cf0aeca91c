/** The part of docs/performance.md that is about films, made from its figures. */
import {show, type Column} from '../columns';
import {titleOf} from '../films/codecs';
import type {FilmResult, FilmsResults, Gate, SettingResult, TaskResult} from '../films/results';
import {markdownTable} from './markdown';

interface Row extends Pick<FilmResult, 'bytesPerFrame' | 'modelMs' | 'steadiness'>, SettingResult {
  readonly film: string;
  readonly setting: string;
}

/** Shares are small: of a game's pixels, few in a thousand change. */
const percent = (share: number): string => (100 * share).toFixed(1);

const kilobytes = ({bytesPerFrame}: Row): string =>
  bytesPerFrame === null ? '' : show.number(bytesPerFrame / 1000);

const columns = (measure: string): Column<Row>[] => [
  {title: 'Film', text: ({film}) => film},
  {title: 'kB a frame', text: kilobytes},
  {title: 'Setting', text: ({setting}) => setting},
  {title: 'changes, %', text: ({changed}) => percent(changed)},
  {title: 'computed, %', text: ({computed}) => percent(computed)},
  {title: 'tfjs wasm, ms', text: ({modelMs}) => show.number(modelMs)},
  {title: 'incremental, ms', text: ({incrementalMs}) => show.number(incrementalMs)},
  {title: 'auto, ms', text: ({autoMs}) => show.number(autoMs)},
  {title: 'auto faster by', text: ({modelMs, autoMs}) => show.times(modelMs / autoMs)},
  {title: `Agreement: ${measure}`, text: ({agreement}) => agreement.toFixed(3)},
  {title: 'not renewed', text: ({steadiness}) => steadiness.toFixed(3)},
];

const gateText = ({levels, neighbours}: Gate): string =>
  `gate ${levels}${neighbours === undefined ? '' : `, neighbours ${neighbours}`}`;

function rowsOf({films, gate}: TaskResult): Row[] {
  return films.flatMap(({film, exact, gated, ...rest}) => {
    const shared = {...rest, film: titleOf(film)};
    return [
      {...shared, setting: 'exact', ...exact},
      {...shared, setting: gateText(gate), ...gated},
    ];
  });
}

const taskText = (task: TaskResult): string =>
  [
    `### ${task.network} on ${task.shows}`,
    `${task.frames} frames.`,
    markdownTable(columns(task.measure), rowsOf(task)),
  ].join('\n\n');

export const filmsText = ({tasks}: FilmsResults): string => tasks.map(taskText).join('\n\n');

const repeatColumns: Column<TaskResult>[] = [
  {title: 'Network', text: ({network}) => network},
  {title: 'tfjs wasm, ms', text: ({repeat}) => show.number(repeat.modelMs)},
  {title: 'reuse, ms', text: ({repeat}) => show.number(repeat.reuseMs)},
];

/** What reading a frame twice costs. */
export const repeatsText = ({tasks}: FilmsResults): string => markdownTable(repeatColumns, tasks);
