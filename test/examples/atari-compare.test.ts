import * as tf from '@tensorflow/tfjs-core';
import {useBackend} from '../../examples/atari/backend';
import {Mismatch} from '../../examples/atari/check';
import {compareGame, type CompareSettings} from '../../examples/atari/compare';
import {buildNetwork} from '../../examples/atari/network';
import type {Peer} from '../../examples/atari/peers/open';
import {openRecording} from '../../examples/atari/recording';
import {denseSide} from '../../examples/atari/sides/dense';
import {withInputs} from '../../examples/atari/sides/inputs';
import {ReuseModel} from '../../src';
import {recordingOf, spriteScreens} from './recordings';

const settings: CompareSettings = {
  filters: [4, 6],
  downsample: 4,
  steps: 30,
  backend: 'cpu',
  engine: 'auto',
  policy: 'incremental',
};
const recording = recordingOf(spriteScreens(40, 84, 64), {height: 84, width: 64});

beforeAll(() => useBackend('cpu'));
afterEach(() => jest.restoreAllMocks());

describe('comparing a game', () => {
  it('reports every figure, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    let frames = 0;
    const figures = await compareGame('Pong', recording, settings, [], () => frames++);
    expect(tf.memory().numTensors).toBe(before);
    expect(frames).toBe(30);
    expect(figures).toMatchObject({name: 'Pong', frames: 26, paths: {incremental: 26}});
    expect(figures.changed).toBeGreaterThan(0);
    expect(figures.rectangle).toBeGreaterThanOrEqual(figures.changed);
    expect(figures.denseMs).toBeGreaterThan(0);
    expect(figures.reuseMs).toBeGreaterThan(0);
    expect(figures.fullMs).toBeGreaterThan(0);
    expect(figures.peerMs).toEqual({});
    expect(figures.affectedMacs).toBeLessThan(figures.denseMacs);
    expect(figures.recomputed).toBeGreaterThan(0);
    expect(figures.recomputed).toBeLessThan(1);
    expect(figures.speedUp).toBeCloseTo(figures.denseMs / figures.reuseMs);
    expect(figures.difference).toBeLessThan(1e-5);
  });

  it('counts no frame that follows a cut of its own making', async () => {
    const many = recordingOf(spriteScreens(120, 84, 64), {height: 84, width: 64});
    const figures = await compareGame('Pong', many, {...settings, steps: 100});
    expect(figures.frames).toBe(96);
    expect(figures.paths).toEqual({incremental: 96});
  });

  it.each([2, 4] as const)('finds a real game right at D%d', async (downsample) => {
    const breakout = openRecording('Breakout');
    const figures = await compareGame('Breakout', breakout, {...settings, downsample, steps: 20});
    expect(figures.frames).toBe(16);
    expect(figures.changed).toBeLessThan(0.02);
    expect(figures.affectedMacs).toBeLessThan(figures.denseMacs / 10);
  });

  it('names game and frame where a result is wrong, and gives back what it took', async () => {
    const predict = ReuseModel.prototype.predict;
    let calls = 0;
    // In the 5th frame that counts: before it come 16 frames of warm-up, and 3 of the engine with nothing to reuse.
    jest.spyOn(ReuseModel.prototype, 'predict').mockImplementation(function (this: ReuseModel, x, options) {
      const result = predict.call(this, x, options) as tf.Tensor;
      if (++calls !== 24) return result;
      const wrong = tf.tidy(() => tf.mul(result, 1.0001));
      result.dispose();
      return wrong;
    });
    const before = tf.memory().numTensors;
    await expect(compareGame('Pong', recording, settings)).rejects.toThrow(Mismatch);
    calls = 0;
    await expect(compareGame('Pong', recording, settings)).rejects.toThrow(/^Pong, frame 4: /);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a peer', () => {
  /** One that computes as the model does, and takes 5 ms for a frame; 100 ms for the first of a turn. */
  const peerThat = (change: (values: Float32Array, at: number) => Float32Array): Peer => {
    let at = 0;
    return {
      name: 'onnxruntime-node',
      version: '1',
      close: () => undefined,
      play: async (size, frames) => {
        const model = buildNetwork(size);
        const outputs = await withInputs({backend: 'cpu'}, size, frames, (inputs) =>
          inputs.map((input) => denseSide(model, 'cpu').predict(input).values),
        );
        model.dispose();
        return outputs.map((values, i) => ({ms: i === 0 ? 100 : 5, values: change(values, at++)}));
      },
    };
  };

  it('has its time reported, but for the first frame of a turn', async () => {
    const peers = [peerThat((values) => values)];
    const {peerMs} = await compareGame('Pong', recording, settings, peers);
    expect(peerMs).toEqual({'onnxruntime-node': 5});
  });

  it('whose result is wrong is named', async () => {
    // 3 frames of warm-up come before those that are checked.
    const peers = [peerThat((values, at) => (at === 5 ? values.map((value) => 1.001 * value) : values))];
    await expect(compareGame('Pong', recording, settings, peers)).rejects.toThrow(
      /^Pong, onnxruntime-node, frame 2: /,
    );
  });
});
