/**
 * What this engine uses of tfjs's WebGPU backend: the one place that knows its insides. The package never imports that
 * backend; whoever wants it has registered it. What is found is checked, so that a later tfjs that changed is named.
 */
import * as tf from '@tensorflow/tfjs-core';
import {engineChanged} from '../../shared/changes';

/** The backend's members that are used, by the names it has them under. */
export interface WebGpuBackend {
  readonly device: GPUDevice;
  readonly queue: GPUQueue;
  readonly tensorMap: {get(dataId: object): {readonly resource?: unknown} | undefined};
  /** What the backend has recorded and not yet submitted. */
  readonly commandEncoder: GPUCommandEncoder | null;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  /** Gives a tensor a buffer, with its values where it has any on this side. */
  uploadToGPU(dataId: object): void;
  makeTensorInfo(shape: number[], dtype: tf.DataType): tf.TensorInfo;
}

const METHODS = [
  'ensureCommandEncoderReady',
  'endComputePassEncoder',
  'submitQueue',
  'uploadToGPU',
  'makeTensorInfo',
] as const;
const MEMBERS = ['device', 'queue', 'tensorMap'] as const;

const lost = new WeakMap<GPUDevice, string>();
const monitored = new WeakSet<GPUDevice>();

/** The backend, where it is tfjs's WebGPU one and current; null where it is another. */
export function currentBackend(): WebGpuBackend | null {
  if (tf.getBackend() !== 'webgpu') return null;
  const backend = tf.backend() as unknown as WebGpuBackend;
  if (missingIn(backend) === null) monitor(backend.device);
  return backend;
}

/** Why the backend cannot be used; null where it can. */
export function troubleWith(backend: WebGpuBackend): string | null {
  const missing = missingIn(backend);
  if (missing !== null) {
    return `tfjs's webgpu backend has no '${missing}', on which this version of the engine relies (made for tfjs 4.22)`;
  }
  return lossOf(backend.device);
}

function lossOf(device: GPUDevice): string | null {
  const reason = lost.get(device);
  return reason === undefined ? null : `the WebGPU device was lost (${reason || 'no reason was given'})`;
}

/**
 * @throws where the current backend's device was lost: no engine, and no op of tfjs, computes anything there, and none
 *   says so
 */
export function checkDevice(): void {
  const backend = currentBackend();
  const loss = backend && lossOf(backend.device);
  if (!loss) return;
  throw new Error(
    `withReuse: ${loss}, and with it all tensors on it. Take another backend with tf.setBackend(), or ` +
      "tf.removeBackend('webgpu') and register it anew; then load the model again.",
  );
}

function missingIn(backend: WebGpuBackend): string | null {
  return (
    METHODS.find((name) => typeof backend[name] !== 'function') ??
    MEMBERS.find((name) => typeof backend[name] !== 'object' || backend[name] === null) ??
    null
  );
}

function monitor(device: GPUDevice): void {
  if (monitored.has(device)) return;
  monitored.add(device);
  void device.lost.then(({message, reason}) => {
    lost.set(device, message || reason);
    engineChanged();
  });
}

/** The backend's pending commands, to which more may be added; `submitQueue` sends all of them at once. */
export function pendingCommands(backend: WebGpuBackend): GPUCommandEncoder {
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  return backend.commandEncoder!;
}

/** The buffer a tensor lies in; its values are uploaded first where they are on this side. */
export function bufferOf(backend: WebGpuBackend, {dataId}: tf.TensorInfo): GPUBuffer {
  backend.uploadToGPU(dataId);
  const resource = backend.tensorMap.get(dataId)?.resource;
  if (resource instanceof GPUBuffer) return resource;
  throw new Error("A tensor on tfjs's webgpu backend lies in no buffer; make it with tf.clone or tf.tensor.");
}

/** A fresh tensor, and the buffer to write its values to. */
export function newTensor(
  backend: WebGpuBackend,
  shape: readonly number[],
  dtype: tf.DataType,
): {tensor: tf.Tensor; buffer: GPUBuffer} {
  const info = backend.makeTensorInfo([...shape], dtype);
  const buffer = bufferOf(backend, info);
  return {tensor: tf.engine().makeTensorFromTensorInfo(info), buffer};
}
