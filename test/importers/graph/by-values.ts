/** Shapes that depend on the values of a frame, which a graph can only know once it sees them. Not a test. */
import {FLOAT, INT32, type TfGraph} from './tf-graph';

/** How much is added to 1. */
type More = (graph: TfGraph, x: string) => string;

/** As much as the largest value says. */
const largest: More = (graph, x) => {
  const most = graph.node('Max', [x, graph.integers([0, 1, 2, 3])], {keep_dims: false});
  return graph.node('Cast', [most], {SrcT: FLOAT, DstT: INT32});
};

/** 1 for each value above 1. */
const countOfLarge: More = (graph, x) => {
  const places = graph.node('Where', [graph.node('Greater', [x, graph.floats([], [1])])]);
  const count = graph.node('Slice', [
    graph.node('Shape', [places]),
    graph.integers([0]),
    graph.integers([1]),
  ]);
  return graph.node('Reshape', [count, graph.integers([], [0])]);
};

/** A shape of a batch of 1, 1 row and `more`, and these sides. */
function shapeOf(graph: TfGraph, more: string, sides: readonly [number, number]): string {
  const [batch, row, ...rest] = [1, 1, ...sides].map((side) => graph.integers([side], []));
  const rows = graph.node('AddV2', [row, more], {T: INT32});
  return graph.node('Pack', [batch, rows, ...rest], {axis: 0, N: 4, T: INT32});
}

const rowsBy = (more: More) => (graph: TfGraph, x: string) =>
  graph.node('Slice', [x, graph.integers([0, 0, 0, 0]), shapeOf(graph, more(graph, x), [-1, -1])]);

/** The first rows of `x`. */
export const someRows = rowsBy(largest);

/** The same, of a number that has to be awaited. */
export const awaitedRows = rowsBy(countOfLarge);

/** All pixels of `x`, in other rows. */
export const inOtherRows = (graph: TfGraph, x: string, channels: number): string =>
  graph.node('Reshape', [x, shapeOf(graph, largest(graph, x), [-1, channels])]);
