/**
 * How many rows and columns of the input a pixel of a value sees, at most: from the first that it depends on to the last. Planes
 * are taken to go on past their edges, so that it is the window that is measured and not the picture. Rows and columns are
 * followed by themselves, each op saying which of its input's any of its output's reads. It is exact wherever these do not
 * hang together, and else the more: a reshape that moves pixels to other rows reads all columns, and a window over a resize is
 * measured where the resize begins anew, too.
 */
import {concatOffsets, isShared, type ConcatOp, type MergeOp} from './ops/merge';
import type {DepthToSpaceOp} from './ops/channels';
import {windowOver, type WindowConfig} from './ops/conv';
import type {ConvTransposeOp} from './ops/conv-transpose';
import {upsampleWindow, type PadOp, type ReshapeOp, type UpsampleOp} from './ops/move';
import {resizeTables, type GatherOp, type ResizeOp} from './ops/resize';
import type {Graph, Node, Op, OpKind, Plane, Value, ValueId} from './types';

/** Rows, then columns; Infinity where all are read, however many there are. */
export type FieldSize = readonly [number, number];

type Axis = 0 | 1;

/** What an output reads along an axis: so many inputs from the first on, so far apart; or all there are. */
type Taps = {readonly first: number; readonly count: number; readonly step: number} | 'all';

const NONE: Taps = {first: 0, count: 0, step: 1};
const one = (first: number): Taps => ({first, count: 1, step: 1});
const fromTo = (first: number, last: number): Taps => ({first, count: last - first + 1, step: 1});

/** One input of a node along one axis. */
interface Use {
  readonly axis: Axis;
  readonly input: Plane;
  readonly output: Plane;
  /** Which of the node's inputs it is, and the planes of all. */
  readonly index: number;
  readonly inputs: readonly Plane[];
}

/** What output `at` reads, which may lie outside of the plane. */
type Reads = (at: number) => Taps;

const same = (): Reads => one;
const all = (): Reads => () => 'all';

const sideOf = ({height, width}: Plane, axis: Axis): number => (axis === 0 ? height : width);

function window({window: config}: {readonly window: WindowConfig}, {axis, input}: Use): Reads {
  const {kernel, strides, dilations, pad} = windowOver(input, config);
  const before = axis === 0 ? pad.top : pad.left;
  return (at) => ({first: at * strides[axis] - before, count: kernel[axis], step: dilations[axis]});
}

/** The inputs whose windows, of this size and so far apart, hold an output. */
function transposed(kernel: number, stride: number, before: number): Reads {
  return (at) => fromTo(Math.ceil((at + before - kernel + 1) / stride), Math.floor((at + before) / stride));
}

function conv2dTranspose({kernel, strides, pad}: ConvTransposeOp, {axis}: Use): Reads {
  return transposed(kernel[axis], strides[axis], axis === 0 ? pad.top : pad.left);
}

function upsample2d(op: UpsampleOp, {axis, output}: Use): Reads {
  const {kernel, strides, pad} = upsampleWindow(op, output);
  return transposed(kernel[axis], strides[axis], axis === 0 ? pad.top : pad.left);
}

const depthToSpace = ({block}: DepthToSpaceOp): Reads => transposed(block, block, 0);

function resize2d(op: ResizeOp, {axis, input}: Use): Reads {
  const tables = resizeTables(op, input);
  const {low, high} = axis === 0 ? tables.rows : tables.columns;
  return (at) => {
    const rounds = Math.floor(at / low.length);
    const place = at - rounds * low.length;
    const moved = rounds * sideOf(input, axis);
    return fromTo(low[place] + moved, high[place] + moved);
  };
}

/** A table goes on as it begins and ends. */
function gather2d({rows, columns}: GatherOp, {axis}: Use): Reads {
  const table = axis === 0 ? rows : columns;
  return (at) => {
    const edge = at < 0 ? 0 : Math.min(at, table.length - 1);
    if (table[edge] < 0) return NONE;
    const next = edge === 0 ? 1 : edge - 1;
    const step = next < table.length && table[next] >= 0 ? (table[edge] - table[next]) / (edge - next) : 1;
    return one(table[edge] + (at - edge) * step);
  };
}

function pad2d({top, left}: PadOp, {axis}: Use): Reads {
  const before = axis === 0 ? top : left;
  return (at) => one(at - before);
}

const merge = (_op: MergeOp, {input, output}: Use): Reads => (isShared(input, output) ? () => one(0) : one);

/** What lies before the first part is the first's, and what lies behind the last the last's. */
function concat(op: ConcatOp, {axis, index, inputs}: Use): Reads {
  if (op.axis !== (axis === 0 ? 'height' : 'width')) return one;
  const offsets = concatOffsets(op, inputs).map(({y, x}) => (axis === 0 ? y : x));
  const start = index === 0 ? -Infinity : offsets[index];
  const end = offsets[index + 1] ?? Infinity;
  return (at) => (at >= start && at < end ? one(at - offsets[index]) : NONE);
}

function reshape(_op: ReshapeOp, {axis, input, output}: Use): Reads {
  const [from, to] = [input, output].map(({width, channels}) => width * channels);
  /** Values of `size` each, seen as values of `other` each. */
  const seen = (size: number, other: number) => (at: number) =>
    fromTo(Math.floor((at * size) / other), Math.floor(((at + 1) * size - 1) / other));
  if (axis === 0) return seen(to, from);
  return from === to ? seen(output.channels, input.channels) : () => 'all';
}

/** What an op of each kind reads. */
const readsOf = {
  conv2d: window,
  depthwiseConv2d: window,
  pool2d: window,
  conv2dTranspose,
  upsample2d,
  depthToSpace,
  resize2d,
  gather2d,
  pad2d,
  merge,
  concat,
  reshape,
  activation: same,
  batchNorm: same,
  prelu: same,
  affine: same,
  sliceChannels: same,
  padChannels: same,
  dense: all,
  globalPool: all,
  external: all,
} satisfies {readonly [K in OpKind]: (op: Extract<Op, {kind: K}>, use: Use) => Reads};

/** A value that is known only once it is computed is one pixel to everybody. */
const ONE_PIXEL: Plane = {height: 1, width: 1, channels: 1};
const planeIn = ({values}: Graph, id: ValueId): Plane => values[id].plane ?? ONE_PIXEL;

function readsAlong(graph: Graph, axis: Axis, {op, inputs, outputs}: Node): Reads[] {
  const planes = inputs.map((id) => planeIn(graph, id));
  const output = planeIn(graph, outputs[0]);
  // The table pairs each kind with its own function; TypeScript cannot follow that through a computed key.
  const reads = readsOf[op.kind] as (op: Op, use: Use) => Reads;
  return planes.map((input, index) => reads(op, {axis, input, output, index, inputs: planes}));
}

/** The places of a value that somebody looks at, and what each of them sees of the input: from the first to the last. */
interface Sight {
  from: number;
  to: number;
  first: Float64Array;
  last: Float64Array;
}

const NOTHING = new Float64Array();

/** One axis of a graph. */
class Along {
  private readonly reads: readonly Reads[][];
  private readonly sights: Sight[];

  constructor(
    private readonly graph: Graph,
    private readonly axis: Axis,
  ) {
    this.reads = graph.nodes.map((node) => readsAlong(graph, axis, node));
    this.sights = graph.values.map((value) => ({
      from: 0,
      to: this.sideOf(value),
      first: NOTHING,
      last: NOTHING,
    }));
    for (const node of [...graph.nodes].reverse()) this.widen(node);
  }

  /** How much of an input a place of each value sees at most. */
  sizes(input: ValueId): number[] {
    this.sights.forEach((sight, id) => {
      const {from, to} = sight;
      const own = id === input;
      sight.first = Float64Array.from({length: to - from}, (_, i) => (own ? from + i : Infinity));
      sight.last = Float64Array.from({length: to - from}, (_, i) => (own ? from + i : -Infinity));
    });
    this.graph.nodes.forEach((node) => this.look(node));
    return this.graph.values.map((value) => this.sizeOf(value));
  }

  private sideOf({plane}: Value): number {
    return sideOf(plane ?? ONE_PIXEL, this.axis);
  }

  /** Adds to what is looked at of a node's inputs what its outputs read. */
  private widen({id, inputs, outputs}: Node): void {
    inputs.forEach((input, i) => {
      const sight = this.sights[input];
      for (const {from, to} of outputs.map((output) => this.sights[output])) {
        for (let at = from; at < to; at++) {
          const taps = this.reads[id][i](at);
          if (taps === 'all' || taps.count === 0) continue;
          sight.from = Math.min(sight.from, taps.first);
          sight.to = Math.max(sight.to, taps.first + (taps.count - 1) * taps.step + 1);
        }
      }
    });
  }

  private look({id, inputs, outputs}: Node): void {
    for (const {from, to, first, last} of outputs.map((output) => this.sights[output])) {
      inputs.forEach((input, i) => {
        const seen = this.sights[input];
        for (let at = from; at < to; at++) {
          const [a, b] = lookThrough(seen, this.reads[id][i](at));
          first[at - from] = Math.min(first[at - from], a);
          last[at - from] = Math.max(last[at - from], b);
        }
      });
    }
  }

  private sizeOf(value: Value): number {
    const {from, first, last} = this.sights[value.id];
    let most = 0;
    for (let i = -from; i < this.sideOf(value) - from; i++) most = Math.max(most, last[i] - first[i] + 1);
    return most;
  }
}

function lookThrough({from, first, last}: Sight, taps: Taps): readonly [number, number] {
  if (taps === 'all')
    return first.some((place, i) => place <= last[i]) ? [-Infinity, Infinity] : [Infinity, -Infinity];
  let [a, b] = [Infinity, -Infinity];
  for (let k = 0, i = taps.first - from; k < taps.count; k++, i += taps.step) {
    a = Math.min(a, first[i]);
    b = Math.max(b, last[i]);
  }
  return [a, b];
}

/** The receptive field of every value; of the input that it sees most of, where there are several. */
export function receptiveFields(graph: Graph): FieldSize[] {
  const axes = ([0, 1] as const).map((axis) => new Along(graph, axis));
  const byInput = graph.inputs.map((input) => axes.map((along) => along.sizes(input)));
  return graph.values.map(({id}) => {
    const sizes = byInput.map(([rows, columns]): FieldSize => [rows[id], columns[id]]);
    return sizes.reduce((a, b) => (b[0] * b[1] > a[0] * a[1] ? b : a));
  });
}
