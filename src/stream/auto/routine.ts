/** Frames like the ones before them, far below the model's time. Thinking about each would cost more than it could save. */

/** Frames that go by before one is looked at closely again. */
const LENGTH = 15;
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

  /** Whether the next frame is one of these. */
  takes(primed: boolean, share: number): boolean {
    this.takesThis = this.left > 0 && primed && share <= this.share;
    return this.takesThis;
  }

  /** Whether the frame was one of these that has just been computed in so much time. */
  took(ms: number): boolean {
    if (!this.takesThis) return false;
    this.left = ms > this.limit ? 0 : this.left - 1;
    return true;
  }

  /** After a frame that was looked at, and is expected to take so much. */
  begin(share: number, expected: number, model: number): void {
    this.left = expected < FAR * model ? LENGTH : 0;
    this.share = ALIKE * share;
    this.limit = NEAR * model;
  }

  end(): void {
    this.left = 0;
  }
}
