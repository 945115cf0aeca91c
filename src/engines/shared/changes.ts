/**
 * Counts how often it changed which engines there are. Engines tell it themselves, so that nobody has to ask them in every
 * frame.
 */
let changes = 0;

/** Another number than before means that a choice made then may be another one now. */
export const engineChanges = (): number => changes;

/** For engines: one became ready, or what it computes on was lost. */
export function engineChanged(): void {
  changes++;
}
