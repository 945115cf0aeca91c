/**
 * How many rows and columns of the input a pixel of a value sees, at most: from the first that it depends on to the last. Planes
 * are taken to go on past their edges, so that it is the window that is measured and not the picture. Rows and columns are
 * followed by themselves, each op saying which of its input's any of its output's reads. It is exact wherever these do not
 * hang together, and else the more: a reshape that moves pixels to other rows reads all columns, and a window over a resize is
 * measured where the resize begins anew, too.
 */
import {definitionOf} from './definitions';
import type {Plane} from './plane';
import {sideOf, type Axis, type Reads, type Taps} from './reads';
import type {Graph, Node, Value, ValueId} from './types';

/** Rows, then columns; Infinity where all are read, however many there are. */
export type FieldSize = readonly [number, number];

/** A value that is known only once it is computed is one pixel to everybody. */
const ONE_PIXEL: Plane = {height: 1, width: 1, channels: 1};
const planeIn = ({values}: Graph, id: ValueId): Plane => values[id].plane ?? ONE_PIXEL;

function readsAlong(graph: Graph, axis: Axis, {op, inputs, outputs}: Node): Reads[] {
  const planes = inputs.map((id) => planeIn(graph, id));
  const output = planeIn(graph, outputs[0]);
  return planes.map((input, index) =>
    definitionOf(op).reads(op, {axis, input, output, index, inputs: planes}),
  );
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
