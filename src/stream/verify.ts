/** Checks a caller's word on what changed against the frames themselves. */
import type {ActivationCache} from '../cache';
import type {Delta, Frame, Program} from '../engines';
import type {Region} from '../region';

/**
 * @param delta made of the caller's regions
 * @param compared the regions that the frames differ in
 * @throws where the caller's regions miss one of their pixels
 */
function verifyAgainst(program: Program, delta: Delta, compared: readonly Region[]): void {
  const given = program.regionsOf(delta);
  compared.forEach((region, i) => {
    if (given[i].covers(region)) return;
    const missing = region.area - region.intersection(given[i]).area;
    throw new Error(
      `verify: 'changed' misses ${missing} of the ${region.area} pixels of input ${i} that differ from the last frame ` +
        `(within ${JSON.stringify(region.bounds())}). Pass every changed pixel, or leave 'changed' out to have frames compared.`,
    );
  });
}

/** The same where the frames have to be compared at once. */
function verify(program: Program, cache: ActivationCache, frame: Frame, delta: Delta): void {
  if (delta.full) {
    // There is nothing to check, but the next frame is checked against this one: an engine may have to fetch it for that.
    if (program.tellsChange) program.difference(cache, frame, null);
    return;
  }
  if (!program.tellsChange) {
    throw new Error(
      `verify: on the ${program.backend} backend, what 'changed' misses cannot be told without a wait. Use predictAsync() ` +
        'or executeAsync(), or wrap the model without verify.',
    );
  }
  verifyAgainst(program, delta, program.regionsOf(program.difference(cache, frame, null)));
}

/** The same without blocking. */
async function verifyAsync(
  program: Program,
  cache: ActivationCache,
  frame: Frame,
  delta: Delta,
): Promise<void> {
  if (delta.full) {
    if (program.tellsChange) await program.differenceAsync(cache, frame, null);
    return;
  }
  verifyAgainst(program, delta, await program.compare(cache, frame));
}

export const verifier = {verify, verifyAsync};
export type Verifier = typeof verifier;
