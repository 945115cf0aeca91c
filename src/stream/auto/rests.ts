/** Frames that are not even compared: comparing costs something too, and the longer it was in vain, the more rarely it is done. */

/** Frames compared in vain, over the frames of a rest. */
const VAIN = 4;
const LONGEST = 64;
/** Frames until what was lost may be few enough for the cache to be filled. */
const TO_EARN = 16;

export class Rests {
  private left = 0;
  private vain = 0;

  get isOn(): boolean {
    return this.left > 0;
  }

  take(): void {
    this.left--;
  }

  afterVain(): void {
    this.vain++;
    this.left = Math.min(LONGEST, Math.floor(this.vain / VAIN));
  }

  toEarn(): void {
    this.left = TO_EARN;
  }

  /** Comparing was of use. */
  forget(): void {
    this.vain = 0;
  }
}
