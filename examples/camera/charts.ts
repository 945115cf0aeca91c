/** The report's charts: times, agreement and distance over frames, and how much of each layer was computed. */
import type {TopLevelSpec} from 'vega-lite';
import type {Figures, FrameFigures, LayerFigures} from './figures';

const COLOURS = {dense: '#b5b5b5', reuse: '#2a6fb0'};
const SIZE = {width: 640, height: 200};

type Frames = Pick<Figures, 'frames'>;

interface Line {
  readonly name: string;
  readonly colour: string;
  readonly of: (frame: FrameFigures) => number;
}

/** A line a side. */
export function timesChart({frames}: Frames): TopLevelSpec {
  return linesChart('Time of a frame', 'ms', frames, [
    {name: 'dense', colour: COLOURS.dense, of: ({denseMs}) => denseMs},
    {name: 'reuse', colour: COLOURS.reuse, of: ({reuseMs}) => reuseMs},
  ]);
}

/** With what holding on to the last frame's result would give. */
export function agreementChart({frames}: Frames): TopLevelSpec {
  return linesChart('Agreement with the model’s own result', 'agreement', frames, [
    {name: 'frame before', colour: COLOURS.dense, of: ({steadiness}) => steadiness},
    {name: 'reuse', colour: COLOURS.reuse, of: ({agreement}) => agreement},
  ]);
}

/** Whether errors add up. */
export function distanceChart({frames}: Frames): TopLevelSpec {
  return linesChart('Distance of raw outputs from the model’s own', 'relative to their length', frames, [
    {name: 'reuse', colour: COLOURS.reuse, of: ({distance}) => distance},
  ]);
}

export function sharesChart({frames}: Frames): TopLevelSpec {
  return linesChart('Shares of the input and of the work', '%', frames, [
    {name: 'pixels changed', colour: COLOURS.dense, of: ({changed}) => 100 * changed},
    {name: 'multiply-adds done', colour: COLOURS.reuse, of: ({computed}) => 100 * computed},
  ]);
}

function linesChart(
  title: string,
  unit: string,
  frames: readonly FrameFigures[],
  lines: readonly Line[],
): TopLevelSpec {
  const values = lines.flatMap(({name, of}) =>
    frames.map((frame) => ({line: name, frame: frame.frame, value: of(frame)})),
  );
  return {
    ...SIZE,
    title,
    data: {values},
    mark: {type: 'line', point: frames.length <= 2},
    encoding: {
      x: {field: 'frame', type: 'quantitative', title: 'frame'},
      y: {field: 'value', type: 'quantitative', title: unit, scale: {domainMin: 0}},
      color: {
        field: 'line',
        type: 'nominal',
        title: null,
        scale: {domain: lines.map(({name}) => name), range: lines.map(({colour}) => colour)},
      },
    },
  };
}

/** A bar a layer, from the input on: what the change reached, and what of it came out another. */
export function layersChart(layers: readonly LayerFigures[]): TopLevelSpec {
  const values = layers.flatMap(({name, op, affected, changed}, i) => [
    {layer: i, name, op, share: 100 * affected, what: 'reached'},
    {layer: i, name, op, share: 100 * changed, what: 'came out another'},
  ]);
  return {
    ...SIZE,
    title: 'Pixels of each layer, from the input on',
    data: {values},
    mark: {type: 'bar', width: {band: 1}},
    encoding: {
      x: {field: 'layer', type: 'ordinal', title: 'layer', axis: {labelOverlap: true}},
      y: {field: 'share', type: 'quantitative', title: '%', stack: null},
      color: {
        field: 'what',
        type: 'nominal',
        title: null,
        scale: {domain: ['reached', 'came out another'], range: [COLOURS.dense, COLOURS.reuse]},
      },
    },
  };
}
