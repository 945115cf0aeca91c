/** The graphs that this engine leaves to others. */
import type {Graph} from '../../graph';
import {unsupportedByKernels} from '../shared/unsupported';
import {currentBackend, troubleWith} from './device/backend';
import {compileGraph} from './schedule/compile';
import type {Compiled} from './schedule/compiled';
import {MOST_GROUPS} from './wgsl/call';

/** Why a graph cannot run here; null where it can. */
export function unsupportedReason(graph: Graph, name: string): string | null {
  const backend = name === 'webgpu' ? currentBackend() : null;
  if (!backend) return `it computes where tensors of tfjs's webgpu backend lie, and the backend is '${name}'`;
  const trouble = troubleWith(backend);
  if (trouble) return trouble;
  const reason = unsupportedByKernels(graph);
  if (reason) return reason;
  // With tolerances at every node: whether there will be one is not known here.
  const compiled = compileGraph(graph, new Map(graph.nodes.map(({id}) => [id, 1])));
  return tooLarge(compiled, backend.device.limits) ?? tooMany(compiled);
}

/** What needs a larger buffer than the device has. */
function tooLarge(
  {sizes}: Compiled,
  {maxStorageBufferBindingSize, maxBufferSize}: GPUSupportedLimits,
): string | null {
  const most = Math.min(maxStorageBufferBindingSize, maxBufferSize);
  const needs = {activations: 16 * sizes.values, scratch: 16 * sizes.scratch, weights: 16 * sizes.weights};
  const found = Object.entries(needs).find(([, bytes]) => bytes > most);
  return found
    ? `its ${found[0]} take ${found[1]} bytes, and the device's buffers hold at most ${most}`
    : null;
}

/** What takes more workgroups than a dispatch has: a device leaves such a one out, and may say nothing. */
function tooMany({steps}: Compiled): string | null {
  for (const step of steps) {
    if (step.kind === 'computed' && step.mostGroups > MOST_GROUPS)
      return `'${step.node.name}' takes ${step.mostGroups} workgroups, and a dispatch has at most ${MOST_GROUPS}`;
  }
  return null;
}
