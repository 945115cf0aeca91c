/**
 * For engines that cannot compare frames without computing them: a scene that stays different from the cached one is taken
 * over, ever more rarely while scenes keep changing.
 */
const LONGEST_PATIENCE = 64;
/** Frames after one that are computed whatever is expected of them: what is known of small changes may be old. */
const TRIAL = 2;

export class TakeOvers {
  /** Frames in a row that differed too much, and how many of them are waited for. */
  private behind = 0;
  private patience = 1;
  private trial = 0;

  get tries(): boolean {
    return this.trial > 0;
  }

  /** Whether this one of the frames that differ too much is taken over. */
  isDue(): boolean {
    if (++this.behind <= this.patience) return false;
    this.behind = 0;
    this.patience = Math.min(LONGEST_PATIENCE, 2 * this.patience);
    this.trial = TRIAL;
    return true;
  }

  tried(): void {
    this.trial--;
  }

  /** A frame did not differ too much. */
  forget(): void {
    this.behind = 0;
    this.patience = 1;
  }
}
