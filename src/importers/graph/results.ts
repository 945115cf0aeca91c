/** What is known of each node of a model as its graph is imported: a constant, values of the plan, or nothing. */
import type {DataType} from '@tensorflow/tfjs-core';
import {fold, nameOf, weightOf, type Constant} from './constants';
import type {Executable} from './frontier-op';
import type {Read} from './patterns';
import type {TfNode, TfRef, Topology} from './topology';
import type {Operand} from './use';
import type {View} from './view';

export type Result = readonly Operand[] | 'constant' | 'unknown';

export class Results {
  private readonly results = new Map<string, Result>();
  private readonly constants = new Map<string, Constant>();
  private readonly rescued = new Map<string, View | null>();
  private readonly producers = new Map<Operand, TfNode>();
  private readonly dtypes = new Map<string, DataType>();

  constructor(
    private readonly model: Executable,
    private readonly topology: Topology,
  ) {}

  of(node: string): Result | undefined {
    return this.results.get(node);
  }

  note(node: string, result: Result): Result {
    this.results.set(node, result);
    return result;
  }

  /** Notes what importing a node gave. */
  noteImported(node: TfNode, operands: readonly Operand[]): void {
    for (const operand of operands) this.producers.set(operand, node);
    // The plan has truth values as 0 and 1.
    if (node.op === 'Equal') this.noteDType(node.name, 'bool');
  }

  /** Notes that a node's results, which the plan has as float32, are of another dtype. */
  noteDType(node: string, dtype: DataType): void {
    this.dtypes.set(node, dtype);
  }

  /** The dtype of a node's results that the plan has. */
  dtypeOf(node: string): DataType {
    return this.dtypes.get(node) ?? 'float32';
  }

  /** What the model computes in the middle of the plan; made once for each reference, null where that cannot be. */
  rescue(ref: TfRef, make: () => View | null): View | null {
    const name = nameOf(ref);
    const known = this.rescued.get(name);
    if (known !== undefined) return known;
    const view = make();
    this.rescued.set(name, view);
    return view;
  }

  lookup(ref: TfRef): Operand | null {
    const result = this.results.get(ref.node);
    if (result === 'constant') return this.constantAt(ref);
    if (result === undefined || result === 'unknown') return this.rescued.get(nameOf(ref)) ?? null;
    return result[ref.output] ?? null;
  }

  /** What a node reads, for patterns: whole numbers and truth values are not for them. */
  readsOf({inputs}: TfNode): Read[] {
    return inputs.map((ref) => {
      const operand = this.dtypeOf(ref.node) === 'float32' ? this.lookup(ref) : null;
      return {operand, node: operand ? (this.producers.get(operand) ?? null) : this.unknownNode(ref)};
    });
  }

  /**
   * A node that the plan does not have; null where something has to run before it, which no pattern sees, or it is not its
   * first output that is read, which is all that the ops in patterns have.
   */
  private unknownNode({node, output}: TfRef): TfNode | null {
    const found = this.topology.get(node)!;
    return output === 0 && found.dependencies.length === 0 ? found : null;
  }

  private constantAt(ref: TfRef): Constant | null {
    const name = nameOf(ref);
    const known = this.constants.get(name) ?? weightOf(this.model, ref);
    const constant = known ?? this.folded(ref);
    if (constant) this.constants.set(name, constant);
    return constant;
  }

  private folded(ref: TfRef): Constant | null {
    const operands = this.topology.get(ref.node)!.inputs.map((input) => this.lookup(input));
    const fed = operands.filter(
      (operand) => operand !== null && 'tensor' in operand && operand.tensor === null,
    );
    try {
      return fold(this.model, [ref], fed as Constant[])[0];
    } catch {
      return null;
    }
  }
}
