/** Frames like the ones before them, far below the model's time. Thinking about each would cost more than it could save. */

/** Frames that go by before one is looked at closely again: twice as many each time, while all goes on alike. */
const FIRST = 15;
const LONGEST = 255;
/** Of the model's time: what frames are expected to take less than, and what they may take before they are looked at. */
export const FAR = 0.25;
const NEAR = 0.5;
/** A change of at most this many times the one that was looked at is like it. */
const ALIKE = 2;

export class Routine {
  private left = 0;
  /** The largest change that is like the last one looked at, and what it may take, milliseconds. */
  private share = 0;
  private limit = 0;
  private takesThis = false;
  private length = FIRST;
  private passed = 0;

  /** Whether the next frame is one of these. */
  takes(primed: boolean, share: number): boolean {
    this.takesThis = this.left > 0 && primed && share <= this.share;
    return this.takesThis;
  }

  /** Whether the frame that was computed in so much time was one of these. */
  took(ms: number): boolean {
    if (!this.takesThis) return false;
    if (ms > this.limit) {
      this.end();
      return false;
    }
    this.left--;
    this.passed++;
    if (this.left === 0) this.length = Math.min(LONGEST, 2 * this.length);
    return true;
  }

  /** Frames that went by since this was asked last. */
  takePassed(): number {
    const {passed} = this;
    this.passed = 0;
    return passed;
  }

  /** After a frame that was looked at, and is expected to take so much. */
  begin(share: number, expected: number, model: number): void {
    this.left = expected < FAR * model ? this.length : 0;
    this.share = ALIKE * share;
    this.limit = NEAR * model;
  }

  end(): void {
    this.left = 0;
    this.length = FIRST;
  }
}
