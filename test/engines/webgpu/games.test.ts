/**
 * The paper's six networks on its 24 games, on WebGPU: a few frames of each recording equal the model's own on the
 * wasm backend (a dense frame takes seconds on a processor that plays a GPU), and take at most 1.6 times the multiply-adds
 * that cannot be avoided, in the mean of all games, as the shaders themselves count them.
 * Each network plays every so many-th game, one of them more than the others.
 */
import * as tf from '@tensorflow/tfjs-core';
import {mean} from '../../../examples/atari/figures';
import {GAMES, type Game} from '../../../examples/atari/games';
import {buildNetwork} from '../../../examples/atari/network';
import {readRecording, readStretches, sizeOf, workOf} from '../../../bench/frames';
import {NETWORKS, networkName, type Network} from '../../../bench/networks';
import {withReuse} from '../../../src';
import {useBackend} from '../../backends';
import {atScale} from '../../scale';
import {onWebGpu, useWebGpu} from './backend';
import {countingProducts, type Counted} from './counting';

/** That are judged in a game. */
const FRAMES = 1;
/** For a network; a driver that plays a GPU takes seconds for a frame of the largest. */
const TIMEOUT_MS = atScale({short: 5, ci: 5, long: 30}) * 60_000;
/** Of the largest probability. */
const TOLERANCE = 1e-4;
const MOST_WORK = 1.6;

/** The network that plays more games than the others. */
const MOST = 'D2:40/80';

function gamesFor(network: Network): readonly Game[] {
  const step = atScale({short: 6, ci: networkName(network) === MOST ? 3 : 6, long: 1});
  return GAMES.filter((_, i) => i % step === NETWORKS.indexOf(network) % step);
}

const sumOf = (values: Iterable<number>) => [...values].reduce((sum, value) => sum + value, 0);

/** Multiply-adds that were counted in a frame, over those that could not be avoided. */
async function play(game: Game, network: Network, counted: Counted): Promise<number> {
  await useBackend('wasm');
  const recording = readRecording(game);
  const size = sizeOf(recording, network);
  const [frames] = readStretches(recording, network, FRAMES + 1);
  const model = buildNetwork(size);
  const shape: [number, number, number, number] = [1, size.height, size.width, 1];
  const expected = frames.map((pixels) =>
    tf.tidy(() => (model.predict(tf.tensor4d(pixels.slice(), shape)) as tf.Tensor).dataSync().slice()),
  );
  await useWebGpu();
  const reuse = withReuse(model, {policy: 'incremental', engine: 'webgpu'});
  const work: number[] = [];
  for (const [t, pixels] of frames.entries()) {
    const x = tf.tensor4d(pixels.slice(), shape);
    const y = reuse.predict(x) as tf.Tensor;
    const actual = await y.data<'float32'>();
    tf.dispose([x, y]);
    const largest = Math.max(...expected[t]);
    actual.forEach((value, i) => {
      if (Math.abs(value - expected[t][i]) <= TOLERANCE * largest) return;
      throw new Error(`${game}, frame ${t}: ${value} at ${i}, expected ${expected[t][i]}`);
    });
    if (t > 0) work.push(sumOf((await counted(reuse)).values()));
  }
  reuse.dispose();
  model.dispose();
  return mean(work) / workOf([frames], size).affectedMacs;
}

onWebGpu('the games', () => {
  const counted = countingProducts();

  test.each(NETWORKS.map((network) => [networkName(network), network] as const))(
    '%s',
    async (_name, network) => {
      const work: number[] = [];
      const games = gamesFor(network);
      for (const game of games) work.push(await play(game, network, counted));
      const known = work.filter(Number.isFinite);
      expect(known.length).toBeGreaterThan(games.length / 2);
      process.stdout.write(`${networkName(network)}: ${mean(known).toFixed(2)} times the least work\n`);
      expect(mean(known)).toBeLessThanOrEqual(MOST_WORK);
    },
    TIMEOUT_MS,
  );
});
