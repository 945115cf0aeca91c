/** The part of docs/performance.md that is about the policy 'auto': in the laboratory, and for real. */
import type {AutoRun} from '../auto/results';
import type {Score, Start} from '../auto/results';
import {show, type Column} from '../columns';
import {median} from '../../examples/atari/figures';
import {summaryOf, type PolicyResults, type ScenarioFigures, type Summary} from '../policy/results';
import {markdownTable} from './markdown';

interface Compared extends Summary {
  readonly before: Summary;
}

const summaryColumns: Column<Compared>[] = [
  {title: 'Noise', text: ({disturbance}) => disturbance},
  {title: 'mean', text: (row) => row.mean.toFixed(3)},
  {title: 'worst', text: (row) => row.worst.toFixed(2)},
  {title: 'worst 200 frames over the model', text: (row) => row.worstOverModel.toFixed(3)},
  {title: 'before: mean', text: ({before}) => before.mean.toFixed(3)},
  {title: 'worst', text: ({before}) => before.worst.toFixed(2)},
  {title: 'worst 200', text: ({before}) => before.worstOverModel.toFixed(3)},
];

const tuned = (scenarios: readonly ScenarioFigures[]) =>
  scenarios.filter(({keptFromTuning}) => !keptFromTuning);

/** @param before summary of the policies that 'auto' was before, on the same scenarios */
export function laboratoryText(results: PolicyResults, before: readonly Summary[]): string {
  const rows = summaryOf(tuned(results.scenarios)).map((row) => ({
    ...row,
    before: before.find(({disturbance}) => disturbance === row.disturbance)!,
  }));
  return markdownTable(summaryColumns, rows);
}

/** The scenarios that nobody tuned the policy on. */
export function keptText({scenarios}: PolicyResults): string {
  const kept = scenarios.filter(({keptFromTuning}) => keptFromTuning);
  const noises = Object.keys(kept[0].by);
  const columns: Column<ScenarioFigures>[] = [
    {title: 'Scenario', text: ({name}) => name},
    ...noises.map((noise) => ({
      title: noise,
      text: ({by}: ScenarioFigures) => by[noise].overBest.toFixed(2),
    })),
  ];
  return markdownTable(columns, kept);
}

export function tracesText({traces}: PolicyResults): string {
  return markdownTable<PolicyResults['traces'][number]>(
    [
      {title: 'Recorded stream', text: ({name}) => name},
      {title: 'over the informed best', text: ({figures}) => figures.overBestInAll.toFixed(2)},
      {title: 'over the model', text: ({figures}) => figures.overModel.toFixed(3)},
      {title: 'the informed best over the model', text: ({figures}) => figures.informed.toFixed(3)},
    ],
    traces,
  );
}

interface Named extends Score {
  readonly backend: string;
}

const named = (runs: readonly AutoRun[]): Named[] =>
  runs.flatMap(({backend, engine, busy, scores}) => {
    const host = [backend, ...(engine ? ['portable engine'] : []), ...(busy ? ['busy machine'] : [])].join(
      ', ',
    );
    return scores.map((score) => ({...score, backend: host}));
  });

const scoreColumns: Column<Named>[] = [
  {title: 'Stream', text: ({name}) => name},
  {title: 'Backend', text: ({backend}) => backend},
  {title: 'auto, ms', text: ({auto}) => show.number(auto)},
  {title: 'incremental, ms', text: ({incremental}) => show.number(incremental)},
  {title: 'model, ms', text: ({model}) => show.number(model)},
  {title: 'of the better', text: ({ofBetter}) => ofBetter.toFixed(2)},
];

/** Key frames and stills. */
export const streamsText = (runs: readonly AutoRun[]): string =>
  markdownTable(
    scoreColumns,
    named(runs).filter(({name}) => name.includes(',')),
  );

interface Games {
  readonly network: string;
  readonly backend: string;
  readonly scores: readonly Named[];
}

/** The games of each network, in one row. */
export function gamesText(runs: readonly AutoRun[]): string {
  const games = new Map<string, Games>();
  for (const score of named(runs).filter(({name}) => !name.includes(','))) {
    const [network] = score.name.split(' ');
    const key = `${network} ${score.backend}`;
    const scores = [...(games.get(key)?.scores ?? []), score];
    games.set(key, {network, backend: score.backend, scores});
  }
  const ratios = ({scores}: Games) => scores.map(({ofBetter}) => ofBetter);
  const worst = ({scores}: Games) => [...scores].sort((a, b) => a.ofBetter - b.ofBetter)[0];
  return markdownTable<Games>(
    [
      {title: 'Network', text: ({network}) => network},
      {title: 'Backend', text: ({backend}) => backend},
      {title: 'games', text: ({scores}) => String(scores.length)},
      {title: 'of the better: median', text: (row) => median(ratios(row)).toFixed(3)},
      {
        title: '0.95 or more in',
        text: (row) => String(ratios(row).filter((ratio) => ratio >= 0.95).length),
      },
      {
        title: 'least',
        text: (row) => `${worst(row).ofBetter.toFixed(2)} (${worst(row).name.split(' ')[1]})`,
      },
    ],
    [...games.values()],
  );
}

export const startsText = (runs: readonly AutoRun[]): string =>
  markdownTable<Start>(
    [
      {title: 'Stream', text: ({name}) => name},
      {title: 'first frames', text: ({frames}) => String(frames)},
      {title: 'of what is allowed', text: ({ofAllowed}) => ofAllowed.toFixed(2)},
    ],
    runs.filter(({busy, engine}) => !busy && !engine).flatMap(({starts}) => starts),
  );
