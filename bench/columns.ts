/** The tables' columns, one definition for the terminal and the documentation: what heads them and what stands in a row. */
import {networkName} from './networks';
import type {GameResult, KernelResult, NetworkResult, UnchangedResult} from './results';
import type {SideId} from './sides/side';
import {
  AUTO_BACKENDS,
  autoRatio,
  efficiencyOf,
  gmacsOf,
  idealOf,
  speedUpOf,
  summarize,
  type Summary,
} from './summary';

export interface Column<T> {
  readonly title: string;
  text(row: T): string;
}

/** What the sides are called in tables and charts. */
export const SIDE_NAMES: Readonly<Record<SideId, string>> = {
  'dense-wasm': 'tfjs wasm',
  'dense-tensorflow': 'tfjs-node',
  'dense-cpu': 'tfjs cpu',
  'onnx-1': 'ONNX, 1 thread',
  'onnx-2': 'ONNX, 2 threads',
  full: 'full frame',
  reuse: 'reuse',
  run: 'reuse, run()',
  'auto-wasm': 'auto on wasm',
  'auto-tensorflow': 'auto on tfjs-node',
  'auto-cpu': 'auto on cpu',
};

/** What has no value. */
const NONE = '–';

export const show = {
  /** Three digits, as far as they mean anything. */
  number: (value: number | null | undefined) => {
    if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
    return value.toFixed(value < 1 ? 3 : value < 10 ? 2 : value < 100 ? 1 : 0);
  },
  times: (value: number | undefined) => (show.number(value) === NONE ? NONE : `${show.number(value)}×`),
  percent: (share: number | undefined) =>
    share === undefined || !Number.isFinite(share) ? NONE : (100 * share).toFixed(0),
};

/** A column for each side that took part. */
function sideColumns<T>(sides: readonly SideId[], text: (row: T, side: SideId) => string): Column<T>[] {
  return sides.map((side) => ({title: SIDE_NAMES[side], text: (row) => text(row, side)}));
}

/** The time of a frame in each game. */
export function timeColumns(sides: readonly SideId[]): Column<GameResult>[] {
  return [
    {title: 'Game', text: ({game}) => game},
    ...sideColumns<GameResult>(sides, (row, side) => show.number(row.sides[side]?.ms)),
  ];
}

/** How much of what was possible each game gained. */
export function gainColumns(sides: readonly SideId[]): Column<GameResult>[] {
  const backends = AUTO_BACKENDS.filter((backend) => sides.includes(`auto-${backend}`));
  return [
    {title: 'Game', text: ({game}) => game},
    {title: 'Changed %', text: ({changed}) => (100 * changed).toFixed(2)},
    {title: 'Ideal', text: (row) => show.times(idealOf(row))},
    {title: 'predict', text: (row) => show.times(speedUpOf(row, 'reuse'))},
    {title: 'predict, of ideal %', text: (row) => show.percent(efficiencyOf(row, 'reuse'))},
    {title: 'run()', text: (row) => show.times(speedUpOf(row, 'run'))},
    {title: 'run(), of ideal %', text: (row) => show.percent(efficiencyOf(row, 'run'))},
    ...backends.map((backend) => ({
      title: SIDE_NAMES[`auto-${backend}`],
      text: (row: GameResult) => show.times(autoRatio(row, backend)),
    })),
  ];
}

export interface SummaryRow extends Summary {
  readonly network: string;
}

export function summaryRow(network: NetworkResult): SummaryRow {
  return {network: networkName(network), ...summarize(network)};
}

const NETWORK: Column<SummaryRow> = {title: 'Network', text: ({network}) => network};

/** Milliseconds, processor's milliseconds or joules of a frame. */
export function meanColumns(sides: readonly SideId[], key: 'ms' | 'cpuMs' | 'joules'): Column<SummaryRow>[] {
  return [NETWORK, ...sideColumns<SummaryRow>(sides, (row, side) => show.number(row[key][side]))];
}

export function summaryColumns(sides: readonly SideId[]): Column<SummaryRow>[] {
  const others = sides.filter((side) => side !== 'dense-wasm' && !side.startsWith('auto-'));
  const backends = AUTO_BACKENDS.filter((backend) => sides.includes(`auto-${backend}`));
  return [
    NETWORK,
    ...sideColumns<SummaryRow>(others, (row, side) => show.times(row.speedUp[side])),
    {title: 'Ideal', text: ({ideal}) => show.times(ideal)},
    {title: 'reuse, of ideal %', text: ({efficiency}) => show.percent(efficiency.reuse)},
    ...backends.map((backend) => ({
      title: `${SIDE_NAMES[`auto-${backend}`]}, worst game`,
      text: ({worstAuto}: SummaryRow) => show.times(worstAuto[backend]?.ratio),
    })),
  ];
}

export const UNCHANGED_COLUMNS: readonly Column<UnchangedResult>[] = [
  {title: 'Network', text: networkName},
  {title: 'run(), µs', text: ({runUs}) => show.number(runUs)},
  {title: 'predict, µs', text: ({predictUs}) => show.number(predictUs)},
  {title: 'predict and read, µs', text: ({readUs}) => show.number(readUs)},
];

export interface SpanRow {
  readonly span: number;
  readonly layers: readonly KernelResult[];
}

export function spanRows(kernels: readonly KernelResult[]): SpanRow[] {
  const spans = [...new Set(kernels.map(({span}) => span))];
  return spans.map((span) => ({span, layers: kernels.filter((kernel) => kernel.span === span)}));
}

/** A column a layer. */
export function kernelColumns(kernels: readonly KernelResult[]): Column<SpanRow>[] {
  const names = [...new Set(kernels.map(({layer}) => layer))];
  const rate = ({layers}: SpanRow, name: string) => {
    const found = layers.find(({layer}) => layer === name);
    return show.number(found && gmacsOf(found));
  };
  return [
    {title: 'Span', text: ({span}) => String(span)},
    ...names.map((name) => ({title: name, text: (row: SpanRow) => rate(row, name)})),
  ];
}
