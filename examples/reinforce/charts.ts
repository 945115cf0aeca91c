/** The report's charts: the time of an episode, side by side, and how the live game is learnt. Drawn by the sibling's. */
import type {TopLevelSpec} from 'vega-lite';
import type {LiveFigures} from './live/compare';
import type {Figures} from './recorded/figures';

const COLOURS = {tfjs: '#d9a441', dense: '#b5b5b5', reuse: '#2a6fb0'};

const colourOf = (sides: readonly (keyof typeof COLOURS)[]) => ({
  field: 'side',
  type: 'nominal' as const,
  title: null,
  scale: {domain: [...sides], range: sides.map((side) => COLOURS[side])},
});

/** Two or three bars a game. */
export function episodesChart(games: readonly Figures[]): TopLevelSpec {
  const values = games.flatMap(({name, plainMs, denseMs, reuseMs}) => [
    ...(plainMs === null ? [] : [{game: name, side: 'tfjs', ms: plainMs}]),
    {game: name, side: 'dense', ms: denseMs},
    {game: name, side: 'reuse', ms: reuseMs},
  ]);
  const sides = (['tfjs', 'dense', 'reuse'] as const).filter((side) =>
    values.some((bar) => bar.side === side),
  );
  return {
    title: 'Time of an episode: forwards, backwards, update',
    width: {step: 12},
    height: 260,
    data: {values},
    mark: 'bar',
    encoding: {
      x: {field: 'game', type: 'nominal', sort: null, title: null, axis: {labelAngle: -45}},
      xOffset: {field: 'side', sort: [...sides]},
      y: {field: 'ms', type: 'quantitative', title: 'ms'},
      color: colourOf(sides),
    },
  };
}

/** A line a side. The dense one is wide and lies below, so that it shows where both are the same. */
export function learningChart({reuse, dense}: Pick<LiveFigures, 'reuse' | 'dense'>): TopLevelSpec {
  const line = (side: 'dense' | 'reuse', strokeWidth: number, {updates}: LiveFigures['reuse']) => ({
    data: {values: updates.map(({reward}, i) => ({side, update: i + 1, reward}))},
    mark: {type: 'line' as const, strokeWidth},
  });
  return {
    title: 'Catch: rewards of a game, mean of an update',
    width: 640,
    height: 280,
    encoding: {
      x: {field: 'update', type: 'quantitative', title: 'update'},
      y: {field: 'reward', type: 'quantitative', title: 'caught less missed'},
      color: colourOf(['dense', 'reuse']),
    },
    layer: [line('dense', 5, dense), line('reuse', 1.5, reuse)],
  };
}
