/** Which memory activations have on a backend: the one place that knows them all. */
import {clone} from '@tensorflow/tfjs-core';
import {composedMemory} from './composed';
import {inPlaceMemory} from './in-place';
import {hasKernels} from './kernels/register';
import {isOfNumbers, type Memory} from './memory';
import {webglBackend} from './webgl/backend';
import {webglMemory} from './webgl/memory';

/** @param backend the current one's name */
export function memoryFor(backend: string): Memory {
  const memory = ownMemory(backend);
  // What nothing writes to may share its values.
  return {...memory, copy: (x) => (isOfNumbers(x) ? memory.copy(x) : clone(x))};
}

function ownMemory(backend: string): Memory {
  if (hasKernels(backend)) return inPlaceMemory(backend);
  const webgl = webglBackend();
  return webgl ? webglMemory(webgl) : composedMemory();
}
