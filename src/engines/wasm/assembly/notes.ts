/**
 * Whether a convolution notes what changed: then it compares what it writes with what was there, and flags the pixels that differ. Where
 * nobody asks, nothing is read but the input.
 */

/** Of the call that is under way. */
export let notes: bool = false;

export function setNotes(whether: i32): void {
  notes = whether != 0;
}
