/** Weights of a graph as other formats take them: a convolution's as filter and bias alone, and matrices turned round. */
import {readWeight, type Graph, type Node} from '../../src/graph';

export interface FoldedWeights {
  /** [kh, kw, in, out], or [kh, kw, channels, multiplier]. */
  readonly filter: Float32Array;
  /** One for each output channel. */
  readonly bias: Float32Array;
}

const KNOWN = ['filter', 'bias', 'scale', 'shift'];

/**
 * A convolution's weights with what is applied after it: (conv + bias) · scale + shift.
 * @param channels of the output
 * @throws where it has others, such as those of a batch norm
 */
export function foldedWeights({name, weights}: Node, graph: Graph, channels: number): FoldedWeights {
  const others = Object.keys(weights).filter((key) => !KNOWN.includes(key));
  if (others.length > 0) {
    throw new Error(`'${name}' has ${others.join(', ')}; what can be written are ${KNOWN.join(', ')}.`);
  }
  const read = (key: string, missing: number): Float32Array =>
    key in weights ? readWeight(graph.weights[weights[key]]) : new Float32Array(channels).fill(missing);
  const [bias, scale, shift] = [read('bias', 0), read('scale', 1), read('shift', 0)];
  return {
    filter: read('filter', 0).map((value, i) => value * scale[i % channels]),
    bias: bias.map((value, i) => value * scale[i] + shift[i]),
  };
}

/** A matrix of so many rows and columns, given row by row, column by column. */
export function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let row = 0, from = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) result[column * rows + row] = values[from++];
  }
  return result;
}
