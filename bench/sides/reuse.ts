/** The model with reuse: every frame in full, incrementally by both ways in, and with the policy that users have. */
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {Backend} from '../../examples/atari/backend';
import {fullSide, reuseSide} from '../../examples/atari/sides/reuse';
import type {Side as Player} from '../../examples/atari/sides/side';
import {withReuse, type ReuseModel, type ReuseOptions} from '../../src';
import type {Side} from './side';

type Engine = ReuseOptions['engine'];

/** The engine's own sides; they share weights and plan, and have a cache each. */
export function engineSides(model: LayersModel, backend: Backend, engine: Engine): Side[] {
  const full = withReuse(model, {engine, policy: 'incremental'});
  const predict = full.stream();
  const run = full.stream();
  return [
    {id: 'full', kind: 'sampled', promises: 'exact', ...fullSide(full, backend)},
    {id: 'reuse', kind: 'steady', promises: 'exact', ...reuseSide(predict, backend)},
    {id: 'run', kind: 'steady', promises: 'exact', ...runSide(run, backend)},
  ];
}

/** As users have it: nobody tells it where one scene ends and another begins. */
export function autoSide(model: LayersModel, backend: Backend, engine: Engine): Side {
  const side = reuseSide(withReuse(model, {engine}), backend);
  return {id: `auto-${backend}`, kind: 'adaptive', promises: 'exact', ...side, cut: () => undefined};
}

function runSide(reuse: ReuseModel, backend: Backend): Player {
  const out = new Float32Array(reuse.outputs[0].shape!.at(-1)!);
  return {
    ...reuseSide(reuse, backend),
    predict: ({pixels}) => {
      const start = performance.now();
      reuse.run(pixels, out);
      return {ms: performance.now() - start, values: out.slice()};
    },
  };
}
