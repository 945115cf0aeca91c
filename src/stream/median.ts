/** The median of a few measurements. */

/** Milliseconds to divide by: a clock may be too coarse to see a frame, but none takes no time. */
export const measured = (ms: number): number => Math.max(1e-3, ms);

/** The median of the last few samples, so that one slow frame decides nothing. */
export class RecentMedian {
  private readonly samples: number[] = [];
  private next = 0;
  /** Null where a sample came since it was worked out. */
  private median: number | null = null;

  get count(): number {
    return this.samples.length;
  }

  /** Null before the first sample. */
  get value(): number | null {
    if (this.median !== null || this.samples.length === 0) return this.median;
    const sorted = [...this.samples].sort((a, b) => a - b);
    this.median = sorted[(sorted.length - 1) >> 1];
    return this.median;
  }

  /** The largest of them; 0 before the first sample. */
  get most(): number {
    return Math.max(0, ...this.samples);
  }

  add(sample: number): void {
    this.samples[this.next] = sample;
    this.next = (this.next + 1) % 5;
    this.median = null;
  }
}
