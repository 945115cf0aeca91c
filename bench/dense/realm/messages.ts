/** What a host and a realm say to each other. */
import type {RealmCalls} from './realm';

export interface Call {
  readonly name: keyof RealmCalls;
  readonly given: unknown;
}

/** What came of a call; of `play` with the processor's time, where the realm knows it. */
export type Answer = {readonly result: unknown; readonly cpuMs?: number} | {readonly error: string};

export async function answer(calls: RealmCalls, {name, given}: Call): Promise<Answer> {
  const call = calls[name] as (given: unknown) => Promise<unknown>;
  try {
    return {result: await call(given)};
  } catch (error) {
    return {error: (error as Error).message ?? String(error)};
  }
}
