/** The page's charts, as specifications in vega-lite. */
import type {TopLevelSpec} from 'vega-lite';
import {SIDE_NAMES, type SummaryRow} from '../columns';
import type {GameResult, KernelResult} from '../results';
import type {SideId} from '../sides/side';
import {BASE, gmacsOf, idealOf, speedUpOf} from '../summary';

/** Greys for the models as they are, ochres for the peer, blues for reuse. */
const COLOURS: Readonly<Partial<Record<SideId, string>>> = {
  'dense-tensorflow': '#b5b5b5',
  'dense-cpu': '#dddddd',
  'onnx-1': '#e3c27a',
  'onnx-2': '#c9952c',
  full: '#bcd6ec',
  reuse: '#5b9bd0',
  run: '#1f5c94',
};

const BACKGROUND = {background: 'white', padding: 8} as const;

/** For each network a bar a side, and a line where the ideal is. */
export function networksChart(rows: readonly SummaryRow[]): TopLevelSpec {
  const sides = (Object.keys(COLOURS) as SideId[]).filter((side) =>
    rows.every(({speedUp}) => side in speedUp),
  );
  const names = sides.map((side) => SIDE_NAMES[side]);
  const bars = rows.flatMap(({network, speedUp}) =>
    sides.map((side) => ({network, side: SIDE_NAMES[side], times: speedUp[side]})),
  );
  const x = {field: 'network', type: 'nominal', sort: null, title: null, axis: {labelAngle: 0}} as const;
  return {
    ...BACKGROUND,
    title: `Times as fast as ${SIDE_NAMES[BASE]}; red: ideal`,
    width: 680,
    height: 260,
    layer: [
      {
        data: {values: bars},
        mark: 'bar',
        encoding: {
          x,
          xOffset: {field: 'side', sort: names},
          y: {field: 'times', type: 'quantitative', title: 'times as fast'},
          color: {
            field: 'side',
            type: 'nominal',
            title: null,
            scale: {domain: names, range: sides.map((side) => COLOURS[side]!)},
          },
        },
      },
      {
        data: {values: rows.map(({network, ideal}) => ({network, ideal}))},
        mark: {type: 'tick', thickness: 2, width: 80, color: '#a33'},
        encoding: {x, y: {field: 'ideal', type: 'quantitative'}},
      },
    ],
  };
}

/** For each game what was gained, and what was there to gain. */
export function gamesChart(network: string, games: readonly GameResult[]): TopLevelSpec {
  const names = ['ideal', SIDE_NAMES.run, SIDE_NAMES.reuse];
  const values = games.flatMap((row) =>
    [idealOf(row), speedUpOf(row, 'run'), speedUpOf(row, 'reuse')]
      .map((times, i) => ({game: row.game, what: names[i], times}))
      .filter(({times}) => times !== undefined && Number.isFinite(times)),
  );
  const y = {
    field: 'times',
    type: 'quantitative',
    title: `times as fast as ${SIDE_NAMES[BASE]}`,
    scale: {type: 'log', nice: false, padding: 12},
  } as const;
  const x = {field: 'game', type: 'nominal', sort: null, title: null, axis: {labelAngle: -45}} as const;
  return {
    ...BACKGROUND,
    title: `${network}, game by game`,
    width: {step: 26},
    height: 300,
    data: {values},
    layer: [
      {
        mark: {type: 'rule', color: '#cccccc'},
        encoding: {
          x,
          y: {...y, aggregate: 'min'},
          y2: {field: 'times', aggregate: 'max'},
        },
      },
      {
        mark: {type: 'point', filled: true, size: 60, opacity: 1},
        encoding: {
          x,
          y,
          color: {
            field: 'what',
            type: 'nominal',
            title: null,
            scale: {domain: names, range: ['#aa3333', COLOURS.run!, COLOURS.reuse!]},
          },
        },
      },
    ],
  };
}

/** A line a layer. */
export function kernelsChart(kernels: readonly KernelResult[]): TopLevelSpec {
  const values = kernels
    .map((kernel) => ({layer: kernel.layer, span: kernel.span, gmacs: gmacsOf(kernel)}))
    .filter(({gmacs}) => gmacs !== null);
  const spans = [...new Set(values.map(({span}) => span))];
  return {
    ...BACKGROUND,
    title: 'One layer, by the length of its spans',
    width: 680,
    height: 260,
    data: {values},
    mark: {type: 'line', point: true},
    encoding: {
      x: {
        field: 'span',
        type: 'quantitative',
        title: 'pixels of a span',
        scale: {type: 'log', base: 2, nice: false},
        axis: {values: spans},
      },
      y: {field: 'gmacs', type: 'quantitative', title: 'GMAC/s'},
      color: {field: 'layer', type: 'nominal', title: null, sort: null},
    },
  };
}
