/** What the first frames of a stream cost: 'auto' may find out, but not for long. */
import * as tf from '@tensorflow/tfjs-core';
import {median} from '../../examples/atari/figures';
import {withReuse} from '../../src';
import type {EngineChoice} from './contest';
import type {Start} from './results';
import type {Stream} from './streams';

const STREAMS = 15;

/** Fresh streams of models that have run before, so that what is compiled once does not count. */
export function measureStart(stream: Stream, frames: number, engine: EngineChoice): Start {
  const auto = withReuse(stream.model, {engine});
  const incremental = withReuse(stream.model, {engine, policy: 'incremental'});
  const inputs = Array.from({length: frames}, (_, t) => tf.tensor4d(stream.frame(t), [...stream.shape]));
  const ratios: number[] = [];
  for (let i = 0; i <= STREAMS; i++) {
    const sides = [auto.stream(), incremental.stream()];
    if (i % 2 === 1) sides.reverse();
    const times = sides.map((side) => total(side, inputs));
    if (i % 2 === 1) times.reverse();
    const model = median(inputs.slice(0, 5).map((input) => total(stream.model, [input])));
    if (i > 0) ratios.push(times[0] / (1.25 * times[1] + 2 * model));
    sides.forEach((side) => side.dispose());
  }
  tf.dispose(inputs);
  auto.dispose();
  incremental.dispose();
  return {name: stream.name, frames, ofAllowed: median(ratios)};
}

function total(model: {predict(x: tf.Tensor): unknown}, inputs: readonly tf.Tensor[]): number {
  const start = performance.now();
  for (const input of inputs) {
    const output = model.predict(input) as tf.Tensor;
    output.dataSync();
    output.dispose();
  }
  return performance.now() - start;
}
