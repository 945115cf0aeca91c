/** What a program's frames pass beside its steps, on their way in and out; and how much a stream keeps, with all that. */
import type {Graph} from '../../../graph';
import type {Gate} from '../../../region';
import {Offsets} from '../memory/layout';
import type {StateSizes} from '../memory/state';
import type {Constants} from '../memory/streams';
import type {Compiled} from '../schedule/compiled';
import type {Call} from '../wgsl/call';
import {NO_TOLERANCE} from '../wgsl/commit';
import {ExternalNode} from './external-node';
import {isNarrowing, TakenInput} from './input';
import {Outbox} from './outbox';

export interface Parts {
  readonly inputs: readonly TakenInput[];
  /** By node. */
  readonly externals: ReadonlyMap<number, ExternalNode>;
  readonly outbox: Outbox;
  /** All calls there may be, of steps and of these. */
  readonly calls: readonly Call[];
  readonly sizes: StateSizes;
  /** What a stream's activations hold from the start. */
  readonly constants: readonly Constants[];
}

export function partsOf(graph: Graph, compiled: Compiled, gate: Gate): Parts {
  const outbox = outboxOf(graph, compiled);
  const externals = externalsOf(graph, compiled, outbox);
  const {inputs, values, masks, cleared} = inputsOf(graph, compiled, gate);
  const {control} = compiled.sizes;
  return {
    inputs,
    externals,
    outbox,
    calls: [
      ...inputs.flatMap((input) => input.calls),
      ...compiled.steps.flatMap((step) => (step.kind === 'computed' ? step.calls : [])),
      ...[...externals.values()].flatMap((external) => external.calls),
      ...outbox.calls,
    ],
    sizes: {values, masks, cleared, control, outbox: outbox.size},
    constants: [
      ...[...compiled.tolerances.values()].flatMap(({at, known}) => (known ? [{at, values: known}] : [])),
      ...inputs.flatMap((input) => input.tolerances ?? []),
    ],
  };
}

function outboxOf({outputs}: Graph, {layouts, steps}: Compiled): Outbox {
  const outbox = new Outbox(layouts);
  for (const id of outputs) outbox.add(id);
  for (const {kind, node} of steps) if (kind === 'external') node.inputs.forEach((id) => outbox.add(id));
  return outbox;
}

const externalsOf = (graph: Graph, compiled: Compiled, outbox: Outbox): Map<number, ExternalNode> =>
  new Map(
    compiled.steps.flatMap((step) =>
      step.kind === 'external'
        ? [[step.node.id, new ExternalNode(step, graph, compiled, outbox)] as const]
        : [],
    ),
  );

/** The inputs, and how much of a stream they and the steps take in all. */
function inputsOf(graph: Graph, {layouts, sizes}: Compiled, gate: Gate) {
  const [values, masks] = [new Offsets(sizes.values), new Offsets(sizes.masks)];
  const own = graph.inputs.map((id) => layouts[id]!);
  const passing = own.map(({maskWords, vectors}) => ({
    first: isNarrowing(gate) ? masks.take(maskWords) : 0,
    second: isNarrowing(gate) ? masks.take(maskWords) : 0,
    tolerance: gate.value > 0 ? values.take(vectors) : NO_TOLERANCE,
  }));
  // Masks that no frame clears lie behind all that every frame clears.
  const cleared = masks.total;
  const inputs = own.map((layout, i) => {
    const places = {...passing[i], given: masks.take(layout.maskWords)};
    return new TakenInput(layout, gate, graph.values[graph.inputs[i]].layout, places);
  });
  return {inputs, values: values.total, masks: masks.total, cleared};
}
