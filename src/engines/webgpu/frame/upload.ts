/** Brings one input's values to the device: into one buffer or texture of its own, which every frame is written to. */
import type {FrameArray, FrameImage} from '../../engine';

export class Upload {
  private buffer: GPUBuffer | null = null;
  private texture: GPUTexture | null = null;

  /** @returns where the values lie, once what is submitted from now on runs */
  array(device: GPUDevice, {data}: FrameArray): GPUBuffer {
    const bytes = Math.ceil(data.byteLength / 4) * 4;
    if (this.buffer?.size !== bytes) {
      this.buffer?.destroy();
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
      this.buffer = device.createBuffer({size: bytes, usage});
    }
    device.queue.writeBuffer(this.buffer, 0, wholeWords(data) as BufferSource);
    return this.buffer;
  }

  /** The same of an image: the device takes it from where it is. */
  image(device: GPUDevice, {image}: FrameImage, width: number, height: number): GPUTexture {
    this.texture ??= device.createTexture({
      size: [width, height],
      format: 'rgba8unorm',
      usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST | GPUTextureUsage.RENDER_ATTACHMENT,
    });
    device.queue.copyExternalImageToTexture({source: image}, {texture: this.texture}, [width, height]);
    return this.texture;
  }

  dispose(): void {
    this.buffer?.destroy();
    this.texture?.destroy();
    this.buffer = this.texture = null;
  }
}

/** Bytes are sent in whole words. */
function wholeWords(data: FrameArray['data']): FrameArray['data'] {
  if (data.byteLength % 4 === 0) return data;
  const padded = new Uint8Array(Math.ceil(data.byteLength / 4) * 4);
  padded.set(data);
  return padded;
}
