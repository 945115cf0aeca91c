/**
 * The report's two charts, after the paper's: the time of a frame, dense beside reuse, and the pixels that changed
 * against the rectangle around them. Specifications in vega-lite, drawn as SVG without a browser.
 */
import type {View} from 'vega';
import type {TopLevelSpec} from 'vega-lite';
import type {Figures} from './figures';

const COLOURS = {dense: '#b5b5b5', reuse: '#2a6fb0'};

/** A pair of bars a game. */
export function timesChart(games: readonly Figures[]): TopLevelSpec {
  const values = games.flatMap(({name, denseMs, reuseMs}) => [
    {game: name, side: 'dense', ms: denseMs},
    {game: name, side: 'reuse', ms: reuseMs},
  ]);
  return {
    title: 'Mean time of a frame',
    width: {step: 14},
    height: 260,
    data: {values},
    mark: 'bar',
    encoding: {
      x: {field: 'game', type: 'nominal', sort: null, title: null, axis: {labelAngle: -45}},
      xOffset: {field: 'side', sort: ['dense', 'reuse']},
      y: {field: 'ms', type: 'quantitative', title: 'ms'},
      color: {
        field: 'side',
        type: 'nominal',
        title: null,
        scale: {domain: ['dense', 'reuse'], range: [COLOURS.dense, COLOURS.reuse]},
      },
    },
  };
}

/** A point a game, with its name. */
export function pixelsChart(games: readonly Pick<Figures, 'name' | 'changed' | 'rectangle'>[]): TopLevelSpec {
  const values = games.map(({name, changed, rectangle}) => ({
    game: name,
    changed: 100 * changed,
    rectangle: 100 * rectangle,
  }));
  return {
    title: 'Pixels changed from frame to frame',
    width: 640,
    height: 400,
    data: {values},
    encoding: {
      // Most games change less than 1 %, a few ten times as much; one that stands still has its place at 0.
      x: {
        field: 'changed',
        type: 'quantitative',
        title: 'pixels changed, %',
        scale: {type: 'symlog', constant: 0.2, domainMin: 0, nice: false},
        axis: {values: [0, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100], format: '~g'},
      },
      y: {field: 'rectangle', type: 'quantitative', title: 'rectangle around them, %'},
    },
    layer: [
      {mark: {type: 'point', filled: true, size: 50, color: COLOURS.reuse}},
      {
        mark: {type: 'text', align: 'left', baseline: 'middle', dx: 7, fontSize: 10},
        encoding: {text: {field: 'game'}},
      },
    ],
  };
}

/** Draws a chart. The libraries are loaded only here: a run without a report does without them. */
export async function toSvg(spec: TopLevelSpec): Promise<string> {
  const [vega, {compile}] = await Promise.all([import('vega'), import('vega-lite')]);
  const view: View = new vega.View(vega.parse(compile(spec).spec), {renderer: 'none'});
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
