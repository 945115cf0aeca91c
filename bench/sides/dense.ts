/** The models themselves: tfjs's backends, and the same network in onnxruntime-node with one thread and with two. */
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {Backend} from '../../examples/atari/backend';
import type {NetworkSize} from '../../examples/atari/network';
import type {OnnxRuntime} from '../../examples/atari/onnx/runtime';
import {denseSide} from '../../examples/atari/sides/dense';
import {onnxFile, onnxSide} from '../../examples/atari/sides/onnx';
import type {Side} from './side';

export function modelSide(model: LayersModel, backend: Backend): Side {
  return {
    id: `dense-${backend}`,
    // Every frame of TensorFlow's is timed: the others are compared with it frame by frame.
    kind: backend === 'tensorflow' ? 'steady' : 'sampled',
    promises: 'close',
    ...denseSide(model, backend),
  };
}

/** @param model on `backend`, which has to be current */
export async function onnxSides(
  runtime: OnnxRuntime,
  model: LayersModel,
  backend: Backend,
  size: NetworkSize,
): Promise<Side[]> {
  const file = onnxFile(model, size);
  const sides: Side[] = [];
  for (const threads of [1, 2] as const) {
    const side = await onnxSide(runtime, file, size, backend, threads);
    sides.push({id: `onnx-${threads}`, kind: 'sampled', promises: 'close', ...side});
  }
  return sides;
}
