/** Which engine computes: the one place that knows them all. */
import type {Graph} from '../graph';
import type {Engine} from './engine';
import {tfjsEngine} from './tfjs/engine';
import {wasmEngine} from './wasm/engine';
import {checkDevice} from './webgpu/device/backend';
import {webgpuEngine} from './webgpu/engine';

/** An engine by its name; 'auto' is the fastest there is. */
export type EngineChoice = 'auto' | Engine['name'];

/** The fastest first. */
const engines: readonly Engine[] = [webgpuEngine, wasmEngine, tfjsEngine];

/**
 * The engine for a graph beside a tfjs backend. 'auto' passes over engines that would have to fetch every frame from
 * where the backend keeps it, and those that cannot run the graph.
 * @throws where the engine wanted is not there, or cannot run the graph; or nothing can, on a device that was lost
 */
export function engineFor(wanted: EngineChoice, backend: string, graph: Graph): Engine {
  checkDevice();
  if (wanted === 'auto') {
    return engines.find(
      (engine) => engine.suits(backend) && engine.isReady() && !engine.unsupportedReason(graph, backend),
    )!;
  }
  const engine = engines.find(({name}) => name === wanted)!;
  const unsupportedReason = engine.unsupportedReason(graph, backend) ?? missingReason(engine);
  if (unsupportedReason === null) return engine;
  throw new Error(
    `withReuse: the ${wanted} engine cannot run this model: ${unsupportedReason}. Use engine 'auto'.`,
  );
}

/** Why an engine is not there, a clause; null where it is. */
function missingReason(engine: Engine): string | null {
  if (engine.isReady()) return null;
  return engine.hostReason?.() ?? 'it is not compiled on this host; await ready()';
}

/** Resolves once every engine is compiled that can be. */
export async function prepareEngines(): Promise<void> {
  await Promise.all(engines.map((engine) => engine.prepare()));
}
