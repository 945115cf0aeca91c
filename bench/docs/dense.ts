/** The part of docs/performance.md that is about dense frames by host and side, made from their figures. */
import {show, type Column} from '../columns';
import type {DenseFigure, DenseResults, DenseRow} from '../dense/results';
import {ALL_SIDES, sideId, type Library, type Side} from '../dense/sides';
import {markdownTable} from './markdown';

const NAMES: Readonly<Record<Library, string>> = {
  'tfjs-wasm': 'tfjs wasm',
  engine: 'this library',
  litert: 'LiteRT.js',
  'onnx-web': 'onnxruntime-web',
  'tfjs-node': 'tfjs-node',
  'onnx-node': 'onnxruntime-node',
};

const titleOf = ({library, threads}: Side): string =>
  `${NAMES[library]}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;

/** Null where the side did not run. */
function figureOf({sides}: DenseRow, side: Side): DenseFigure | null {
  const figure = sides[sideId(side)];
  return figure && 'ms' in figure ? figure : null;
}

/** Sides that ran on any of these. */
const measured = (rows: readonly DenseRow[]): Side[] =>
  ALL_SIDES.filter((side) => rows.some((row) => figureOf(row, side)));

/** A table for each network: milliseconds of a frame, and the processor's. */
export function denseText({rows}: DenseResults): string {
  const works = [...new Set(rows.map(({work}) => work))];
  return works.map((work) => workText(rows.filter((row) => row.work === work))).join('\n\n');
}

function workText(rows: readonly DenseRow[]): string {
  const columns: Column<Side>[] = [
    {title: 'Side', text: titleOf},
    ...rows.map((row) => ({title: shortVersion(row), text: (side: Side) => costText(figureOf(row, side))})),
  ];
  const [{work, macs}] = rows;
  return `#### ${work}: ${(macs / 1e9).toFixed(2)} G multiply-adds\n\n${markdownTable(columns, measured(rows))}`;
}

/** `Chromium 150` of `Chromium 150.0.7871.100`. */
const shortVersion = ({version}: DenseRow): string =>
  version.replace(/\.\S*?(esr)?$/, (_, esr?: string) => (esr ? ' ESR' : ''));

const costText = (figure: DenseFigure | null): string =>
  figure ? `${show.number(figure.ms)} / ${show.number(figure.cpuMs)}` : show.number(null);

/** How many times as fast as each of the others this library was: wins and losses. */
export function denseRatiosText({rows}: DenseResults): string {
  const others = measured(rows).filter(({library}) => library !== 'engine');
  const columns: Column<DenseRow>[] = [
    {title: 'Network, host', text: (row) => `${row.work}, ${shortVersion(row)}`},
    ...others.map((side) => ({title: titleOf(side), text: (row: DenseRow) => ratioText(row, side)})),
  ];
  return markdownTable(columns, rows);
}

/** With as many threads as the other, where this library had as many. */
function ratioText(row: DenseRow, side: Side): string {
  const own =
    figureOf(row, {library: 'engine', threads: side.threads}) ??
    figureOf(row, {library: 'engine', threads: 1});
  const other = figureOf(row, side);
  return own && other ? show.times(other.ms / own.ms) : show.number(null);
}

/** What did not run, and why. */
export function denseAbsencesText({rows}: DenseResults): string {
  const reasons = rows.flatMap((row) =>
    ALL_SIDES.flatMap((side) => {
      const figure = row.sides[sideId(side)];
      return figure && 'absent' in figure
        ? [`- ${titleOf(side)}, ${shortVersion(row)}: ${figure.absent}`]
        : [];
    }),
  );
  return [...new Set(reasons)].join('\n') || 'All sides ran everywhere.';
}
