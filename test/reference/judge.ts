/** Every activation of a graph against what its inputs, as they are cached, make it in float64. */
import {planeOf, type Graph} from '../../src/graph';
import {compute, type Setting} from './float64';
import {roundingOf} from './rounding';

/** What a backend's kernels may round otherwise than the bound allows, as a share of the largest magnitude. */
const ROUNDING = 1e-6;

/** Tolerances by value, one a channel or one for all: what thresholds say, without a look at any frame. */
export type Tolerances = ReadonlyMap<number, readonly number[] | number>;

/**
 * @param activations by value id; a node of which one is missing, or that computes itself, is passed over
 * @returns how many values are farther from float64 than rounding can be
 * @throws where one is so by more than its tolerance
 */
export function judge(
  graph: Graph,
  settings: readonly Setting[],
  activations: readonly (Float32Array | undefined)[],
  tolerances: Tolerances,
): number {
  let approximate = 0;
  for (const node of graph.nodes) {
    const [id] = node.outputs;
    if (node.op.kind === 'external' || [id, ...node.inputs].some((value) => !activations[value])) continue;
    const pictures = node.inputs.map((input) => ({
      plane: planeOf(graph.values[input]),
      data: Float64Array.from(activations[input]!),
    }));
    const setting = settings[node.id];
    const exact = compute(node.op, pictures, setting);
    const bounds = roundingOf(node.op, pictures, setting, exact);
    const {channels} = planeOf(graph.values[id]);
    const largest = exact.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const allowed = tolerances.get(id) ?? 0;
    const actual = activations[id]!;
    for (let i = 0; i < exact.length; i++) {
      const off = Math.abs(actual[i] - exact[i]);
      const rounding = bounds[i] + ROUNDING * largest;
      const tolerance = (typeof allowed === 'number' ? allowed : allowed[i % channels]) * (1 + 1e-6);
      if (off > rounding) approximate++;
      if (!(off <= rounding + tolerance))
        throw new Error(`'${node.name}': off by ${off} at ${i}, where ${tolerance} is allowed`);
    }
  }
  return approximate;
}
