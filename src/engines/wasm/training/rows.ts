/** Values of one cut point, a row for each frame; they grow as frames come. */
export class Rows {
  private data = new Float32Array(0);
  private count = 0;

  /** @param size values a row */
  constructor(readonly size: number) {}

  get bytes(): number {
    return this.data.byteLength;
  }

  get values(): Float32Array {
    return this.data.subarray(0, this.count * this.size);
  }

  /** Bytes by which one more row makes it grow. */
  get growth(): number {
    const needed = (this.count + 1) * this.size;
    return needed <= this.data.length ? 0 : 4 * (Math.max(needed, 2 * this.data.length) - this.data.length);
  }

  /** The buffer of one more row. It is not counted before `keep`, so that a frame may still fail. */
  next(): Float32Array {
    const from = this.count * this.size;
    const {growth} = this;
    if (growth > 0) {
      const grown = new Float32Array(this.data.length + growth / 4);
      grown.set(this.data);
      this.data = grown;
    }
    return this.data.subarray(from, from + this.size);
  }

  keep(): void {
    this.count++;
  }

  /** Keeps the last row once more. */
  repeat(): void {
    const row = this.next();
    row.set(this.data.subarray((this.count - 1) * this.size, this.count * this.size));
    this.count++;
  }

  clear(): void {
    this.data = new Float32Array(0);
    this.count = 0;
  }
}
