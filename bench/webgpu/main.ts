/**
 * The paper's networks on its games, on WebGPU: the model on tfjs's webgpu backend beside reuse on the same device, frame by
 * frame in turns. A frame's time is until its result is on this side. Prints a line a game and the ratio of the means.
 *
 *     npm run bench:webgpu -- D2:40/80 12 [game …]
 */
import './node-gpu';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-webgpu';
import {mean} from '../../examples/atari/figures';
import {findGame, GAMES, type Game} from '../../examples/atari/games';
import {buildNetwork} from '../../examples/atari/network';
import {ready, withReuse} from '../../src';
import {readRecording, readStretches, sizeOf, workOf} from '../frames';
import {findNetwork, type Network} from '../networks';

/** Frames of each side that are not timed: pipelines are compiled in them. */
const WARM_UP = 3;

interface Line {
  readonly game: Game;
  readonly denseMs: number;
  readonly reuseMs: number;
  /** Multiply-adds of the frames: those done, those that cannot be avoided, and those of dense ones. */
  readonly macs: number;
  readonly affectedMacs: number;
  readonly denseMacs: number;
  /** The largest difference of a result from the model's own. */
  readonly off: number;
}

async function timed(predict: () => tf.Tensor): Promise<{ms: number; values: Float32Array}> {
  const start = performance.now();
  const output = predict();
  const values = await output.data<'float32'>();
  const ms = performance.now() - start;
  output.dispose();
  return {ms, values};
}

async function measure(game: Game, network: Network, count: number): Promise<Line> {
  const recording = readRecording(game);
  const size = sizeOf(recording, network);
  const [frames] = readStretches(recording, network, count + WARM_UP);
  const model = buildNetwork(size);
  const reuse = withReuse(model, {policy: 'incremental', engine: 'webgpu'});
  const times = {dense: [] as number[], reuse: [] as number[]};
  const macs: number[] = [];
  let off = 0;
  for (const [t, pixels] of frames.entries()) {
    const x = tf.tensor4d(pixels.slice(), [1, size.height, size.width, 1]);
    await x.data();
    const dense = await timed(() => model.predict(x) as tf.Tensor);
    const own = await timed(() => reuse.predict(x) as tf.Tensor);
    x.dispose();
    own.values.forEach((value, i) => (off = Math.max(off, Math.abs(value - dense.values[i]))));
    if (t < WARM_UP) continue;
    times.dense.push(dense.ms);
    times.reuse.push(own.ms);
    macs.push((await reuse.report())!.macs);
  }
  reuse.dispose();
  model.dispose();
  const {affectedMacs, denseMacs} = workOf([frames.slice(WARM_UP - 1)], size);
  return {
    ...{game, denseMs: mean(times.dense), reuseMs: mean(times.reuse)},
    ...{macs: mean(macs), affectedMacs, denseMacs, off},
  };
}

const shown = (value: number, digits: number) => value.toFixed(digits).padStart(9);

async function main([name = 'D2:40/80', frames = '12', ...games]: string[]): Promise<void> {
  const network = findNetwork(name);
  if (!network) throw new Error(`There is no network ${name}; there are D2:40/80 and others like it.`);
  const count = Number(frames);
  if (!Number.isInteger(count) || count < 1) throw new Error(`Give a whole number of frames, not ${frames}.`);
  const unknown = games.find((game) => !findGame(game));
  if (unknown !== undefined) throw new Error(`There is no game ${unknown}. There are: ${GAMES.join(', ')}.`);
  await tf.setBackend('webgpu');
  await ready();
  console.log('game             dense ms  reuse ms    faster      ideal  work/least  off');
  const lines: Line[] = [];
  for (const game of games.length > 0 ? games.map((one) => findGame(one)!) : GAMES) {
    const line = await measure(game, network, count);
    lines.push(line);
    const {denseMs, reuseMs, macs, affectedMacs, denseMacs, off} = line;
    const figures = [denseMs, reuseMs, denseMs / reuseMs, denseMacs / affectedMacs, macs / affectedMacs];
    console.log(
      `${game.padEnd(14)} ${figures.map((value) => shown(value, 2)).join(' ')}  ${off.toExponential(1)}`,
    );
  }
  const ratio = mean(lines.map(({denseMs}) => denseMs)) / mean(lines.map(({reuseMs}) => reuseMs));
  // Where nothing changed, nothing could not be avoided.
  const changed = lines.filter(({affectedMacs}) => affectedMacs > 0);
  const work = mean(changed.map((line) => line.macs / line.affectedMacs));
  console.log(`ratio of the means ${ratio.toFixed(2)}; work over the least ${work.toFixed(2)}`);
  process.exit(0);
}

await main(process.argv.slice(2));
