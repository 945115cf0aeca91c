/** Which of the engines that an entry of the package has computes a graph. */
import type {Graph} from '../graph';
import type {Engine} from './engine';

/** The fastest first; the last one takes every graph. */
export type Engines = readonly Engine[];

/** An engine by its name; 'auto' is the fastest there is. */
export type EngineChoice = 'auto' | Exclude<Engine['name'], 'model'>;

/**
 * The engine for a graph beside a tfjs backend. 'auto' passes over engines that would have to fetch every frame from
 * where the backend keeps it, and those that cannot run the graph.
 * @throws where the engine wanted is not there, or cannot run the graph; or nothing can, on a device that was lost
 */
export function engineFor(engines: Engines, wanted: EngineChoice, backend: string, graph: Graph): Engine {
  for (const engine of engines) engine.checkDevice?.();
  if (wanted === 'auto') return engines.find((engine) => whyNot(engine, backend, graph) === null)!;
  const engine = engines.find(({name}) => name === wanted);
  if (!engine) {
    throw new Error(
      `withReuse: the ${wanted} engine is not in this entry. Import withReuse from 'tfjs-reuse', or use engine 'auto'.`,
    );
  }
  const unsupportedReason = engine.unsupportedReason(graph, backend) ?? missingReason(engine);
  if (unsupportedReason === null) return engine;
  throw new Error(
    `withReuse: the ${wanted} engine cannot run this model: ${unsupportedReason}. Use engine 'auto'.`,
  );
}

/** Why 'auto' passes over an engine, a clause; null where it does not. */
export function whyNot(engine: Engine, backend: string, graph: Graph): string | null {
  if (!engine.suits(backend)) return `frames on the ${backend} backend are out of its reach`;
  return missingReason(engine) ?? engine.unsupportedReason(graph, backend);
}

/** Why an engine is not there, a clause; null where it is. */
function missingReason(engine: Engine): string | null {
  if (engine.isReady()) return null;
  return engine.hostReason?.() ?? 'it is not compiled on this host; await ready()';
}

/** Resolves once every engine is compiled that can be. */
export async function prepareEngines(engines: Engines): Promise<void> {
  await Promise.all(engines.map((engine) => engine.prepare()));
}
