/** Combinations of the sweep that were wrong once, by their names. */
export const KEPT: readonly string[] = [];
