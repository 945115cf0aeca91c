/** What is computed on one thread and on two: games with reuse, and their frames in full. */
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {withReuse} from '../../src';
import type {Game} from '../../examples/atari/games';
import {gameStream, type NetworkName} from '../auto/streams';

export interface Work {
  readonly name: string;
  readonly model: LayersModel;
  /** Computes frame t on as many threads as there are. */
  run(t: number): void;
  dispose(): void;
}

/** Frames that are made before any is timed, out of the midst of a game; after the last one the first comes again. */
const FRAMES = 100;
const FIRST = 1000;

/** @param full whether nothing is reused */
export function makeWork(network: NetworkName, game: Game, full: boolean): Work {
  const {name, model, frame} = gameStream(game, network);
  const frames = Array.from({length: FRAMES}, (_, t) => frame(FIRST + t));
  const reuse = withReuse(model, {engine: 'wasm', policy: 'incremental'});
  const out = reuse.run(frames[0]);
  return {
    name: full ? `${name}, in full` : name,
    model,
    run(t) {
      if (full) reuse.cache.clear();
      reuse.run(frames[t % FRAMES], out);
    },
    dispose() {
      reuse.dispose();
      model.dispose();
    },
  };
}
