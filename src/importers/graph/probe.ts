/** What the model gives at a node: its shape and dtype, found by a run on zeros. */
import * as tf from '@tensorflow/tfjs-core';
import {own} from '../own';
import {nameOf, tensorOf} from './constants';
import {isAsync, type Frontier} from './frontier';
import {runAsync, withPreludes, type Executable} from './frontier-op';

export interface Probe {
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** What the model was found to give at a node, by its name and the inputs' shapes: kept from one import to the next. */
export type Probes = Map<string, Probe | null>;

/** Thrown where the shape of a node's result has to be found by a run of the model that must be awaited. */
export class NeedsProbe extends Error {
  override name = 'NeedsProbe';

  constructor(
    node: string,
    /** Finds it out, and notes it. */
    readonly run: () => Promise<void>,
  ) {
    super(`The shape of '${node}' is known only once it is computed.`);
  }
}

/**
 * What the model gives at a node; null where it fails.
 * @param key what to keep it under
 * @throws NeedsProbe
 */
export function probed(
  model: Executable,
  probes: Probes,
  key: string,
  name: string,
  frontier: Frontier,
): Probe | null {
  const known = probes.get(key);
  if (known !== undefined) return known;
  if (isAsync(frontier)) {
    throw new NeedsProbe(name, async () => {
      probes.set(key, await probeAsync(model, frontier, name).catch(() => null));
    });
  }
  try {
    return probe(model, frontier, name);
  } catch {
    return null;
  }
}

const zeros = ({feeds, constants}: Frontier): tf.NamedTensorMap => ({
  ...Object.fromEntries(constants.map((constant) => [nameOf(constant.ref), tensorOf(constant)])),
  ...Object.fromEntries(feeds.map(({name, operand, dtype}) => [name, tf.zeros([...operand.shape], dtype)])),
});

export function probe(model: Executable, frontier: Frontier, name: string): Probe {
  return tf.tidy(() => {
    const feed = withPreludes(model, frontier, zeros(frontier));
    const {shape, dtype} = [own(model, 'execute')(feed, [name])].flat()[0];
    return {shape: [...shape], dtype};
  });
}

export async function probeAsync(model: Executable, frontier: Frontier, name: string): Promise<Probe> {
  const [tensor] = await runAsync(model, frontier, zeros(frontier), [name]);
  const {shape, dtype} = tensor;
  tensor.dispose();
  return {shape: [...shape], dtype};
}
