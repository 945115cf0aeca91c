/**
 * What frames to come are expected to change. A frame is large where keeping the cache up with it takes longer than the
 * model, calm where it takes less. What was seen of a stream gives the odds that one follows the other.
 */

/** Frames that are remembered: calm ones for what one takes, calm and large ones for what follows them. */
const CALM_MEMORY = 8;
const ODDS_MEMORY = 48;
const LARGE_MEMORY = 6;

export class Outlook {
  /** What a calm frame takes, in frames of the model; 0 before the first. */
  calm = 0;
  private calmSeen = 0;
  /** How many frames followed calm ones, and large ones, and how many of these were large. It begins with a guess. */
  private readonly afterCalm = {large: 1, all: 8};
  private readonly afterLarge = {large: 0.2, all: 1};
  /** The last frame seen, in frames of the model. */
  previous = 0;

  /** Notes frames that nobody looked at closely: calm as the one before them. */
  pass(frames: number): void {
    for (let i = 0; i < frames; i++) count(this.afterCalm, false, ODDS_MEMORY);
  }

  /** Notes what a frame takes that follows the last one seen, in frames of the model. */
  see(cost: number): void {
    const isLarge = cost >= 1;
    if (this.previous < 1) count(this.afterCalm, isLarge, ODDS_MEMORY);
    else count(this.afterLarge, isLarge, LARGE_MEMORY);
    this.previous = cost;
    if (isLarge) return;
    this.calmSeen++;
    this.calm += (cost - this.calm) / Math.min(this.calmSeen, CALM_MEMORY);
  }

  /** What calm frames took is forgotten: those to come will be of another scene. */
  restart(): void {
    this.calmSeen = 0;
  }

  /** Whether calm frames to come save what filling the cache loses now, in frames of the model. */
  repays(loss: number): boolean {
    return loss <= (1 - this.calm) * (this.afterCalm.all / this.afterCalm.large);
  }

  /**
   * Whether a large frame is better kept up with now than the cache filled after the large ones that may follow it.
   * @param loss of keeping up, in frames of the model
   * @param full filling the cache, in frames of the model
   */
  isWorthKeepingUp(loss: number, full: number): boolean {
    const again = this.afterLarge.large / this.afterLarge.all;
    return this.repays(loss) && loss <= (1 - again) * (full - this.calm);
  }
}

/** Counts a frame, and forgets as much of the oldest. */
function count(odds: {large: number; all: number}, isLarge: boolean, memory: number): void {
  if (odds.all >= memory) {
    odds.large *= 1 - 1 / memory;
    odds.all *= 1 - 1 / memory;
  }
  odds.all++;
  if (isLarge) odds.large++;
}
