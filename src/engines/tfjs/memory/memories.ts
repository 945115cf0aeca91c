/** Which memory activations have on a backend: the one place that knows them all. */
import {composedMemory} from './composed';
import {inPlaceMemory} from './in-place';
import {hasKernels} from './kernels/register';
import type {Memory} from './memory';
import {webglBackend} from './webgl/backend';
import {webglMemory} from './webgl/memory';

/** @param backend the current one's name */
export function memoryFor(backend: string): Memory {
  if (hasKernels(backend)) return inPlaceMemory(backend);
  const webgl = webglBackend();
  return webgl ? webglMemory(webgl) : composedMemory();
}
