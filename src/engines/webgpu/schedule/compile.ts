/** A graph made ready: where everything lies, and the calls of a frame in order. Plain data; no device is touched. */
import {samePlane, type ExternalOp, type Graph, type Node, type Op, type ValueId} from '../../../graph';
import type {Threshold} from '../../engine';
import {sourcesOf} from '../../shared/sources';
import {tolerancesOf} from '../../shared/thresholds';
import {layValues, Offsets, type ValueLayout} from '../memory/layout';
import type {WeightBlock} from '../memory/weights';
import {planOf} from '../ops';
import type {OpPlan, Setting} from '../ops/shared/op';
import {targetOf} from '../ops/shared/target';
import {softmaxCode} from '../wgsl/activate';
import {call, RECORD_WORDS, type Call} from '../wgsl/call';
import {COMMIT, NO_TOLERANCE, RELATIVE} from '../wgsl/commit';
import type {Compiled, Step, Tolerances} from './compiled';

export function compileGraph(graph: Graph, thresholds: ReadonlyMap<number, Threshold>): Compiled {
  return new Compiler(graph, thresholds).compile();
}

const isExternal = (node: Node): node is Node<ExternalOp> => node.op.kind === 'external';

class Compiler {
  private readonly values = new Offsets();
  private readonly masks = new Offsets();
  private readonly weights = new Offsets();
  private readonly blocks: WeightBlock[] = [];
  private readonly tables: number[] = [];
  private readonly tableOffsets = new Map<string, number>();
  private readonly tolerances = new Map<ValueId, Tolerances>();
  private readonly relative = new Map<number, Call[]>();
  /** The frame's own record comes first. */
  private readonly groups: number[] = [0];
  private scratch = 0;
  private list = 0;
  private readonly sources: readonly ValueId[];
  private readonly layouts: readonly (ValueLayout | null)[];

  constructor(
    private readonly graph: Graph,
    private readonly thresholds: ReadonlyMap<number, Threshold>,
  ) {
    this.sources = sourcesOf(graph, samePlane);
    // Before all masks, a word for each control record: there, kernels count when they are to.
    this.masks.take(graph.nodes.length + 1);
    this.layouts = layValues(graph, this.sources, this.values, this.masks);
  }

  compile(): Compiled {
    for (const node of this.graph.nodes) this.addTolerances(node);
    const steps = this.graph.nodes.flatMap((node) => this.stepOf(node) ?? []);
    return {
      layouts: this.layouts,
      steps,
      tolerances: this.tolerances,
      weightBlocks: this.blocks,
      tables: this.tables,
      groups: this.groups,
      sizes: {
        values: this.values.total,
        masks: this.masks.total,
        control: RECORD_WORDS * this.groups.length,
        scratch: this.scratch,
        weights: this.weights.total,
        list: this.list,
      },
    };
  }

  private addTolerances({id, outputs}: Node): void {
    const threshold = this.thresholds.get(id);
    if (threshold === undefined || threshold === 0) return;
    const calls: Call[] = [];
    for (const output of outputs) {
      const layout = this.layouts[output];
      if (!layout) continue;
      const at = this.values.take(layout.vectors);
      const known = tolerancesOf(threshold);
      const values = typeof known === 'number' ? new Float32Array(layout.channels).fill(known) : known;
      this.tolerances.set(output, {at, known: values && padded(values, layout)});
      if (known !== null || typeof threshold === 'number') continue;
      const {at: origin, vectors, pixels} = layout;
      const {relative} = threshold;
      calls.push(call(RELATIVE, {origin, vectors, pixels, tolerance: at, relative}, [vectors, 1, 1]));
    }
    this.relative.set(id, calls);
  }

  private stepOf(node: Node): Step | null {
    const relative = this.relative.get(node.id) ?? [];
    if (isExternal(node)) return {kind: 'external', node, relative};
    const [output] = node.outputs;
    if (this.sources[output] !== output) return null;
    const record = RECORD_WORDS * this.groups.length;
    const setting = this.settingOf(node as Node<Exclude<Op, ExternalOp>>, record);
    const plan = planOf(setting);
    this.groups.push(plan.groups);
    this.list = Math.max(this.list, plan.single ? setting.inputs[0].pixels : setting.output.pixels);
    const calls = [plan.region, ...plan.compute, ...this.commitOf(setting, plan)];
    const all = [...calls, ...relative.map((one) => ({...one, onlyFull: true}))];
    const listed = plan.single ? [] : [Math.ceil(setting.output.pixels / plan.tile)];
    const mostGroups = Math.max(
      plan.groups,
      ...listed,
      ...all.flatMap(({work}) => ('record' in work ? [] : work)),
    );
    const {unit, overhead} = plan;
    return {kind: 'computed', node, record, calls: all, unit, overhead, mostGroups};
  }

  /** What follows where pixels are judged as a whole. */
  private commitOf(setting: Setting, plan: OpPlan): Call[] {
    const {output, record, hasThreshold, node} = setting;
    const softmax = softmaxCode(plan.softmax);
    if (!hasThreshold && softmax === 0) return [];
    this.scratch = Math.max(this.scratch, output.pixels * output.vectors);
    const tolerance = this.tolerances.get(node.outputs[0])?.at ?? NO_TOLERANCE;
    const target = targetOf(setting, plan.tile, true);
    const single = plan.single ? 1 : 0;
    return [call(COMMIT, {...target, single, softmax, tolerance}, plan.single ? [1, 1, 1] : {record})];
  }

  private settingOf<O extends Op>(node: Node<O>, record: number): Setting<O> {
    const {graph, layouts} = this;
    return {
      node,
      op: node.op,
      // Of a graph that is not unsupported, what is computed here has a layout.
      inputs: node.inputs.map((id) => layouts[id]!),
      output: layouts[node.outputs[0]]!,
      record,
      hasThreshold: this.tolerances.has(node.outputs[0]),
      weightShapes: Object.fromEntries(
        Object.entries(node.weights).map(([name, index]) => [name, graph.weights[index].shape]),
      ),
      weights: (vectors, pack) => {
        const at = this.weights.take(vectors);
        this.blocks.push({node, at, vectors, pack});
        return at;
      },
      table: (values) => this.table(values),
      reserve: (vectors) => this.values.take(vectors),
    };
  }

  /** Equal tables are one: layers alike have the same. */
  private table(values: readonly number[]): number {
    const key = values.join();
    const found = this.tableOffsets.get(key);
    if (found !== undefined) return found;
    const at = this.tables.length;
    for (const value of values) this.tables.push(value);
    this.tableOffsets.set(key, at);
    return at;
  }
}

function padded(values: Float32Array, {vectors}: ValueLayout): Float32Array {
  const all = new Float32Array(4 * vectors);
  all.set(values);
  return all;
}
