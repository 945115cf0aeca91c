/** What streams hold on the device, fetched to this side. Never on the way of a frame. */
import type {Graph} from '../../../graph';
import type {ValueLayout} from '../memory/layout';
import type {GpuState} from '../memory/state';
import type {Compiled} from '../schedule/compiled';
import {RECORD_WORDS} from '../wgsl/call';

/** The whole of each buffer; what is submitted so far is done by then. */
async function download(device: GPUDevice, buffers: readonly GPUBuffer[]): Promise<ArrayBuffer[]> {
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

/** What a frame left behind. */
export interface Readback {
  readonly masks: Uint32Array;
  readonly control: Uint32Array;
  /** Timestamps, of a frame that took them. */
  readonly times: BigUint64Array | null;
}

export async function readState(device: GPUDevice, {masks, control, timed}: GpuState): Promise<Readback> {
  const buffers = [masks, control, ...(timed ? [timed.results] : [])];
  const [maskBytes, controlBytes, timeBytes] = await download(device, buffers);
  return {
    masks: new Uint32Array(maskBytes),
    control: new Uint32Array(controlBytes),
    times: timed && new BigUint64Array(timeBytes),
  };
}

/** The root mean square of each channel of what is cached, by node. */
export async function readRms(
  device: GPUDevice,
  {nodes}: Graph,
  {layouts}: Compiled,
  state: GpuState,
): Promise<ReadonlyMap<number, Float32Array>> {
  const [bytes] = await download(device, [state.values]);
  const values = new Float32Array(bytes);
  return new Map(
    nodes.flatMap(({id, outputs}) => {
      const layout = layouts[outputs[0]];
      return outputs.length === 1 && layout ? [[id, channelRms(values, layout)] as const] : [];
    }),
  );
}

function channelRms(values: Float32Array, {at, pixels, vectors, channels}: ValueLayout): Float32Array {
  const squares = new Float64Array(channels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const from = 4 * (at + pixel * vectors);
    for (let c = 0; c < channels; c++) squares[c] += values[from + c] ** 2;
  }
  return Float32Array.from(squares, (sum) => Math.sqrt(sum / pixels));
}

/** What kernels counted, by node: a word for each control record, before all masks. */
export async function readCounts(
  device: GPUDevice,
  {steps}: Compiled,
  state: GpuState,
): Promise<ReadonlyMap<number, number>> {
  const {masks} = await readState(device, state);
  return new Map(
    steps.flatMap((step) =>
      step.kind === 'computed' ? [[step.node.id, masks[step.record / RECORD_WORDS]] as const] : [],
    ),
  );
}
