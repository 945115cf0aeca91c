/** What a stretch of work cost beside its time: the processor's seconds, of all threads, and joules. */
import type {EnergyMeter} from './energy';

export interface Cost {
  readonly cpuMs: number;
  /** Null where the machine does not say. */
  readonly joules: number | null;
}

/** Starts counting; the function it returns stops. */
export function startCost(energy: EnergyMeter | null): () => Cost {
  energy?.read();
  const start = process.cpuUsage();
  return () => {
    const {user, system} = process.cpuUsage(start);
    return {cpuMs: (user + system) / 1000, joules: energy?.read() ?? null};
  };
}

export function addCosts(costs: readonly Cost[]): Cost {
  const cpuMs = costs.reduce((sum, cost) => sum + cost.cpuMs, 0);
  const known = costs.every(({joules}) => joules !== null);
  return {cpuMs, joules: known ? costs.reduce((sum, {joules}) => sum + joules!, 0) : null};
}
