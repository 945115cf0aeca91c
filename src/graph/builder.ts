/** Builds a graph node by node, working out shapes and refusing what does not fit. */
import {definitionOf, type Op} from './definitions';
import {planeOfShape, type Shape} from './plane';
import type {DType, Graph, Layout, Node, Value, ValueId, Weight} from './types';

export interface NodeOptions {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly weights?: Readonly<Record<string, number>>;
  readonly dtype?: DType;
}

export class GraphBuilder {
  private readonly values: Value[] = [];
  private readonly nodes: Node[] = [];
  private readonly weights: Weight[] = [];
  private readonly inputs: ValueId[] = [];
  private readonly names = new Set<string>();

  /** @param reserved names that only a value or node which asks for exactly that name may have, such as layers' own */
  constructor(private readonly reserved: ReadonlySet<string> = new Set()) {}

  /** Adds an input of the graph. `shape` is without the batch axis, the channels last whatever the layout. */
  input(name: string, shape: Shape, dtype: DType = 'float32', layout?: Layout): ValueId {
    const plane = planeOfShape(shape);
    const id = this.addValue({name: this.unique(name), shape, plane, dtype, ...(layout && {layout})});
    this.inputs.push(id);
    return id;
  }

  /** Adds a weight slot and returns its index. */
  weight(weight: Weight): number {
    return this.weights.push(weight) - 1;
  }

  /** Adds a node and returns its outputs. */
  node(
    op: Op,
    inputs: readonly ValueId[],
    {name, aliases = [], weights = {}, dtype = 'float32'}: NodeOptions,
  ): ValueId[] {
    // An op that is refused takes no name.
    const forms = definitionOf(op).outputs(
      op,
      inputs.map((id) => this.values[id]),
    );
    const unique = this.unique(name);
    const outputs = forms.map((form, i) =>
      this.addValue({
        name: forms.length > 1 ? `${unique}:${i}` : unique,
        shape: form.shape,
        plane: form.plane ?? (form.shape && planeOfShape(form.shape)),
        dtype,
      }),
    );
    this.nodes.push({id: this.nodes.length, name: unique, aliases, op, inputs, outputs, weights});
    return outputs;
  }

  value(id: ValueId): Value {
    return this.values[id];
  }

  build(outputs: readonly ValueId[]): Graph {
    return {values: this.values, nodes: this.nodes, weights: this.weights, inputs: this.inputs, outputs};
  }

  private addValue(value: Omit<Value, 'id'>): ValueId {
    const id = this.values.length;
    this.values.push({id, ...value});
    return id;
  }

  private unique(name: string): string {
    let free = name;
    for (let n = 1; this.names.has(free) || (n > 1 && this.reserved.has(free)); n++) free = `${name}_${n}`;
    this.names.add(free);
    return free;
  }
}
