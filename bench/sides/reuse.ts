/** The model with reuse: every frame in full, incrementally by both ways in, and with the policy that users have. */
import type * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {Backend} from '../../examples/atari/backend';
import {withReuse, type ReuseModel, type ReuseOptions} from '../../src';
import {timed, type Kind, type Side, type SideId, type Timed} from './side';

type Engine = ReuseOptions['engine'];

/** The engine's own sides; they share weights and plan, and have a cache each. */
export function engineSides(model: LayersModel, backend: Backend, engine: Engine): Side[] {
  const full = withReuse(model, {engine, policy: 'incremental'});
  const predict = full.stream();
  const run = full.stream();
  return [fullSide(full, backend), predictSide('reuse', 'steady', predict, backend), runSide(run, backend)];
}

/** As users have it: nobody tells it where one scene ends and another begins. */
export function autoSide(model: LayersModel, backend: Backend, engine: Engine): Side {
  const side = predictSide(`auto-${backend}`, 'adaptive', withReuse(model, {engine}), backend);
  return {...side, cut: () => undefined};
}

/** Nothing to reuse: the cache is emptied before each frame. */
function fullSide(reuse: ReuseModel, backend: Backend): Side {
  const side = predictSide('full', 'sampled', reuse, backend);
  return {
    ...side,
    predict: (input) => {
      reuse.cache.clear();
      return side.predict(input);
    },
  };
}

function predictSide(id: SideId, kind: Kind, reuse: ReuseModel, backend: Backend): Side {
  return sideOf(id, kind, reuse, backend, ({tensor}) => timed(() => reuse.predict(tensor) as tf.Tensor));
}

function runSide(reuse: ReuseModel, backend: Backend): Side {
  const out = new Float32Array(reuse.outputs[0].shape!.at(-1)!);
  return sideOf('run', 'steady', reuse, backend, ({pixels}) => {
    const start = performance.now();
    reuse.run(pixels, out);
    return {ms: performance.now() - start, values: out.slice()};
  });
}

function sideOf(
  id: SideId,
  kind: Kind,
  reuse: ReuseModel,
  backend: Backend,
  predict: (input: {pixels: Float32Array; tensor: tf.Tensor4D}) => Timed,
): Side {
  return {
    id,
    kind,
    backend,
    promises: 'exact',
    cut: () => reuse.cache.clear(),
    predict,
    dispose: () => reuse.dispose(),
  };
}
