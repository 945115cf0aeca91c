/**
 * A weight's values where tfjs's wasm backend has them: reading them by tfjs copies them, which for the head of a wide network
 * takes as long as a frame.
 */
import {engine, type Tensor} from '@tensorflow/tfjs-core';
import {isVariable, readWeight, type Weight} from '../../../graph';

/** What tfjs's wasm backend is made of. */
interface WasmBackend {
  readonly wasm?: {readonly HEAPU8: Uint8Array};
  readonly dataIdMap?: {has(id: object): boolean; get(id: object): {readonly memoryOffset: number}};
}

/** A weight's values, to be read before tfjs does anything else. */
export function weightInPlace(weight: Weight): Float32Array {
  return (isVariable(weight) && viewOf(weight.read())) || readWeight(weight);
}

function viewOf({dataId, dtype, size}: Tensor): Float32Array | null {
  const {wasm, dataIdMap} = engine().backend as WasmBackend;
  if (!wasm?.HEAPU8 || dtype !== 'float32' || !dataIdMap?.has(dataId)) return null;
  return new Float32Array(wasm.HEAPU8.buffer, dataIdMap.get(dataId).memoryOffset, size);
}
