/** Makes the sides of one game ready: the model, reuse of it, the engine with nothing to reuse, and the peers. */
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {withReuse, type ReuseOptions} from '../../src';
import type {Backend} from './backend';
import {buildNetwork, type NetworkSize} from './network';
import type {Peer} from './peers/open';
import {denseSide} from './sides/dense';
import {withInputs} from './sides/inputs';
import {fullSide, reuseSide} from './sides/reuse';
import type {Side, Timed} from './sides/side';
import type {SampledSide, Sides} from './turns';

export interface Contest extends Sides {
  readonly model: LayersModel;
  dispose(): void;
}

export interface ContestSettings extends Pick<ReuseOptions, 'engine' | 'policy'> {
  /** The one in use. */
  readonly backend: Backend;
}

export function openContest(
  size: NetworkSize,
  {backend, engine, policy}: ContestSettings,
  peers: readonly Peer[],
): Contest {
  const model = buildNetwork(size);
  const reuse = withReuse(model, {engine, policy});
  const full = withReuse(model, {engine, policy: 'incremental'});
  const side = reuseSide(reuse, backend);
  return {
    model,
    dense: denseSide(model, backend),
    reuse: {...side, predict: (input) => ({...side.predict(input), report: reuse.lastFrame!})},
    sampled: [
      sampledSide(fullSide(full, backend), size),
      ...peers.map(({name, play}) => ({name, play: (frames: readonly Float32Array[]) => play(size, frames)})),
    ],
    dispose: () => [full, reuse, model].forEach((one) => one.dispose()),
  };
}

function sampledSide(side: Side<Timed>, size: NetworkSize): SampledSide {
  return {
    name: 'full',
    play: (frames) => withInputs(side, size, frames, (inputs) => inputs.map(side.predict)),
  };
}
