/** Makes buffers, and hears of it later where there was no memory for them. */
export class Allocator {
  /** Why there is too little; null while there was enough. */
  shortage: string | null = null;

  constructor(private readonly device: GPUDevice) {}

  make<T>(work: () => T): T {
    const {device} = this;
    device.pushErrorScope('out-of-memory');
    const made = work();
    void device.popErrorScope().then(
      (error) => {
        if (error) this.shortage = `the GPU had no memory left for it (${error.message})`;
      },
      // The device was lost, which is noticed elsewhere.
      () => undefined,
    );
    return made;
  }
}
