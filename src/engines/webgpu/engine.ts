/** The WebGPU engine: compute shaders over what changed, for frames and results that are tensors of tfjs's webgpu backend. */
import * as tf from '@tensorflow/tfjs-core';
import type {Engine} from '../engine';
import {checkDevice, currentBackend, troubleWith} from './device/backend';
import {pipelinesOf} from './device/pipelines';
import {WebGpuProgram} from './program';
import {unsupportedReason} from './unsupported';

export const webgpuEngine: Engine = {
  name: 'webgpu',
  isReady() {
    const backend = currentBackend();
    return backend !== null && troubleWith(backend) === null;
  },
  async prepare() {
    if (tf.getBackend() !== 'webgpu') return;
    await tf.ready();
    const backend = currentBackend();
    if (backend && troubleWith(backend) === null) await pipelinesOf(backend.device).prepare();
  },
  checkDevice,
  suits: (backend) => backend === 'webgpu',
  unsupportedReason,
  compile: (graph, options) => new WebGpuProgram(graph, options),
};
