/** Training on this engine: recorded frames, and the way back through them. */
import type {Graph} from '../../../graph';
import type {RecordOptions} from '../../engine';
import {checkRecordable} from '../../shared/non-finite';
import {backwardKernelsOf, prepareBackward} from '../backward-kernels';
import type {Instance} from '../kernels';
import type {Training} from '../recorder';
import {oddWeights, type Compiled} from '../schedule/compiled';
import {planFor, type Plan} from './plan';
import {WasmRecording} from './recording';

export const training: Training = {
  prepare: prepareBackward,
  record(graph, compiled, instance, cache, options) {
    checkRecordable(oddWeights(compiled));
    return new WasmRecording(planOf(graph, compiled, instance, options), cache, options);
  },
};

/** By weights and cut points: a plan has memory of its own in the heap. */
const plans = new WeakMap<Compiled, Map<string, Plan>>();

function planOf(graph: Graph, compiled: Compiled, instance: Instance, options: RecordOptions): Plan {
  const known = plans.get(compiled) ?? new Map<string, Plan>();
  plans.set(compiled, known);
  const key = `${[...options.weights].join()} ${options.cutPoints.join()}`;
  const plan = known.get(key) ?? planFor(graph, compiled, backwardKernelsOf(instance), options);
  known.set(key, plan);
  return plan;
}
