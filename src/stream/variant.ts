/** Variants of the last committed frame: which frame that is, and who computes them where the engine has lost it. */
import type {Program} from '../engines';
import {planeOf, type Graph} from '../graph';
import type {Decision} from './policy';

export const NOT_CACHED: Decision = {
  path: 'dense',
  reason: 'the cache does not hold the last committed frame, so that the model computes its variants',
};

/**
 * @param committed the program of the last committed frame; null where there was none
 * @throws where a frame of the other program can be no variant of it
 */
export function checkVariant(committed: Program | null, program: Program): void {
  if (committed === program) return;
  if (committed === null) {
    throw new Error(
      'commit: false computes variants of the last committed frame, and there is none: predict one first.',
    );
  }
  const [last, given] = [committed.graph, program.graph].map(planesOf);
  if (last === given) return;
  throw new Error(
    `commit: false computes variants of the last committed frame, which had ${last}; this one has ${given}. ` +
      'Predict a frame of this size first.',
  );
}

/** A plan for other outputs, or on another backend, may have the same planes. */
function planesOf({inputs, values}: Graph): string {
  const planes = inputs.map((id) => planeOf(values[id]));
  return planes.map(({height, width, channels}) => `${height} × ${width} pixels of ${channels}`).join(', ');
}
