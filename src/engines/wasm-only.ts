/** Only the WebAssembly engine, and only for predictions. What it cannot compute is left to the model. */
import {getBackend} from '@tensorflow/tfjs-core';
import {whyNot, type Engines} from './choose';
import type {Engine} from './engine';
import {UnfitProgram} from './shared/unfit';
import {inferenceEngine} from './wasm/inference';

/** Takes every graph, and computes no frame of it. */
const model: Engine = {
  name: 'model',
  isReady: () => true,
  prepare: () => Promise.resolve(),
  suits: () => true,
  unsupportedReason: () => null,
  compile(graph) {
    const reason = whyNot(inferenceEngine, getBackend(), graph);
    return new UnfitProgram(graph, new Error(`the WebAssembly engine does not compute it: ${reason}`));
  },
};

export const wasmOnly: Engines = [inferenceEngine, model];
