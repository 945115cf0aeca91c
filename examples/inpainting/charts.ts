/** The report's chart: how the loss falls, by updates and by the time they took. Drawn by the sibling's. */
import type {TopLevelSpec} from 'vega-lite';
import type {Figures} from './figures';
import type {Update} from './learner';

const COLOURS = {dense: '#b5b5b5', reuse: '#2a6fb0'};

type SideName = keyof typeof COLOURS;

/** Updates that a point is the mean of, of several hundred: single ones jump with the picture. */
const POINTS = 100;

/** A line a side, twice. The dense one is wide and lies below, so that it shows where both are the same. */
export function lossChart({reuse, dense}: Pick<Figures, 'reuse' | 'dense'>): TopLevelSpec {
  const most = Math.ceil(reuse.updates.length / POINTS);
  const line = (side: SideName, strokeWidth: number, updates: readonly Update[]) => ({
    data: {values: pointsOf(updates, most).map((point) => ({side, ...point}))},
    mark: {type: 'line' as const, strokeWidth, point: updates.length <= most},
  });
  const layer = [line('dense', 5, dense.updates), line('reuse', 1.5, reuse.updates)];
  const shared = {
    y: {field: 'loss', type: 'quantitative', title: 'loss', scale: {type: 'log'}},
    color: {
      field: 'side',
      type: 'nominal',
      title: null,
      scale: {domain: ['dense', 'reuse'], range: [COLOURS.dense, COLOURS.reuse]},
    },
  } as const;
  const by = (field: string, title: string) => ({
    width: 380,
    height: 260,
    encoding: {x: {field, type: 'quantitative' as const, title}, ...shared},
    layer,
  });
  return {
    title: 'Mean squared error in painted areas',
    hconcat: [by('update', 'updates'), by('seconds', 'seconds of training')],
  };
}

interface Point {
  readonly update: number;
  readonly seconds: number;
  readonly loss: number;
}

/** Means of at most so many updates in a row, where they end. */
function pointsOf(updates: readonly Update[], most: number): Point[] {
  const points: Point[] = [];
  let seconds = 0;
  for (let from = 0; from < updates.length; from += most) {
    const part = updates.slice(from, from + most);
    seconds += part.reduce((sum, {ms}) => sum + ms, 0) / 1000;
    const loss = part.reduce((sum, update) => sum + update.loss, 0) / part.length;
    points.push({update: from + part.length, seconds, loss});
  }
  return points;
}
