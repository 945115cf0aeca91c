/** What the steps of random graph models add their nodes to. */
import {TfGraph} from '../tf-graph';

/** A tensor of the graph: by name, and the shape it has. */
export interface Made {
  readonly name: string;
  readonly shape: readonly number[];
}

export class Builder {
  readonly graph = new TfGraph();
  readonly made: Made[] = [];

  add(op: string, input: readonly string[], shape: readonly number[], attributes = {}): Made {
    return {name: this.graph.node(op, input, attributes), shape};
  }
}

export type Grow = (
  builder: Builder,
  from: Made,
  beside: Made,
  choose: (...options: number[]) => number,
) => Made | null;

export const isImage = ({shape}: Made) => shape.length === 4;
export const sizeOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);
export const isSame = (a: Made, b: Made) => `${a.shape}` === `${b.shape}`;

/** Values of which no two are the same. */
export const distinct = ({graph}: Builder, {name, shape}: Made): string =>
  graph.node('AddV2', [name, graph.floats(shape)]);
