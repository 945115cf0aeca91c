/** Frames that are not the engine's to compute, because of the values in them. */
import type {Decision} from './policy';

export const INSTEAD = 'Replace such values, or predict with the model itself.';

/** What becomes of such a frame: the cache stays at the frame before it. @throws for a variant */
export function unsupported(unsupportedReason: string, commit: boolean): Decision {
  if (commit) return {path: 'dense', reason: unsupportedReason};
  throw new Error(
    `commit: false computes variants in the engine's cache, but ${unsupportedReason}. ${INSTEAD}`,
  );
}
