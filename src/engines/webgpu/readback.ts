/** Copies of buffers on this side. Never on the way of a frame. */
import type {GpuState} from './state';

/** The whole of each buffer; what is submitted so far is done by then. */
export async function download(device: GPUDevice, buffers: readonly GPUBuffer[]): Promise<ArrayBuffer[]> {
  const encoder = device.createCommandEncoder();
  const copies = buffers.map((buffer) => {
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
    const copy = device.createBuffer({size: buffer.size, usage});
    encoder.copyBufferToBuffer(buffer, 0, copy, 0, buffer.size);
    return copy;
  });
  device.queue.submit([encoder.finish()]);
  return Promise.all(
    copies.map(async (copy) => {
      await copy.mapAsync(GPUMapMode.READ);
      const bytes = copy.getMappedRange().slice(0);
      copy.destroy();
      return bytes;
    }),
  );
}

export async function readState(device: GPUDevice, {masks, control}: GpuState) {
  const [maskBytes, controlBytes] = await download(device, [masks, control]);
  return {masks: new Uint32Array(maskBytes), control: new Uint32Array(controlBytes)};
}
