/** What a stream keeps of windows of frames, and what becomes of it. */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {withReuse} from '../../../../../src';
import {backends, useBackend} from '../../../../backends';
import {randomize} from '../../../../importers/helpers';
import {expectSame} from '../../kernels/harness';
import {
  CHANNELS,
  clip,
  HEIGHT,
  Player,
  SHAPE,
  show,
  STEPS,
  valuesOf,
  windowed,
  windowOf,
  WIDTH,
  type Layer,
} from './player';

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  let player: Player;
  afterEach(() => player.dispose());

  it('weights that are assigned inside of the layer are noticed', () => {
    player = new Player();
    const frames = clip(STEPS + 4);
    const slide = (t: number) => player.play(windowOf(frames.slice(t, t + STEPS)));
    slide(0);
    slide(1);
    player.model.weights[0].write(tf.tidy(() => tf.mul(player.model.weights[0].read(), -0.5)));
    // All frames of the window are new ones with these weights.
    expect(slide(1)).toBeGreaterThan(1);
    expect(slide(2)).toBeLessThan(0.75);
    randomize(player.model, 8);
    slide(2);
    slide(3);
  });

  it('streams keep windows of their own', () => {
    player = new Player();
    const frames = clip(20);
    const others = clip(20).map((frame) => frame.map((value) => -value));
    const second = player.reuse.stream();
    for (let t = 0; t < 6; t++) {
      const first = player.play(windowOf(frames.slice(t, t + STEPS)));
      const other = player.play(windowOf(others.slice(2 * t, 2 * t + STEPS)), second);
      if (t > 0) expect(first).toBeLessThan(0.75);
      if (t > 0) expect(other).toBeLessThan(1.5);
    }
    second.reset();
    expect(player.play(windowOf(frames.slice(6, 6 + STEPS)))).toBeLessThan(0.75);
    second.dispose();
    expect(player.play(windowOf(frames.slice(7, 7 + STEPS)))).toBeLessThan(0.75);
  });

  it('a variant of a window, which is not committed, leaves everything as it was', () => {
    player = new Player();
    const frames = clip(10);
    const variant = frames[6].slice();
    variant.fill(2, 0, 60);
    player.play(windowOf(frames.slice(0, STEPS)));
    const window = tf.tensor(windowOf([variant, frames[1], variant, frames[9]]), [1, ...SHAPE]);
    const first = valuesOf(player.reuse.predict(window, {commit: false}));
    const alone = new Player(windowed());
    show(alone.reuse, window.dataSync() as Float32Array).forEach((expected, i) =>
      expectSame(first[i], expected),
    );
    alone.dispose();
    valuesOf(player.reuse.predict(window, {commit: false})).forEach((again, i) =>
      expectSame(again, first[i]),
    );
    expect(player.computed()).toBeLessThan(2);
    // None of the variant's frames was kept, and all of the window's were.
    expect(player.play(windowOf([frames[3], frames[0], frames[2], frames[1]]))).toBe(0);
    expect(player.play(windowOf([frames[3], frames[0], frames[2], frames[9]]))).toBeGreaterThan(0);
  });

  it('an error in mid-frame leaves the cache empty, and that of a variant leaves it as it was', () => {
    const inner = layers.rescaling({scale: 2}) as Layer;
    const conv = layers.conv2d({filters: 2, kernelSize: 3, inputShape: [HEIGHT, WIDTH, CHANNELS]}) as Layer;
    player = new Player(windowed(sequential({layers: [conv, inner]})));
    const frames = clip(12);
    const slide = (t: number) => player.play(windowOf(frames.slice(t, t + STEPS)));
    slide(0);
    slide(1);
    const failing = jest.spyOn(inner, 'apply').mockImplementation(() => {
      throw new Error('no luck');
    });
    const next = tf.tensor(windowOf(frames.slice(2, 2 + STEPS)), [1, ...SHAPE]);
    expect(() => player.reuse.predict(next, {commit: false})).toThrow('no luck');
    // Nothing that needs the layer has changed.
    expect(show(player.reuse, windowOf([...frames.slice(1, 4), frames[1]]))).toHaveLength(2);
    expect(() => player.reuse.predict(next)).toThrow('no luck');
    expect(player.reuse.cache.bytes).toBe(0);
    failing.mockRestore();
    expect(slide(3)).toBeGreaterThan(0);
    expect(slide(4)).toBeLessThan(1);
  });

  it('a threshold by the name of the layer is one on its output, in each pixel', () => {
    player = new Player(windowed(), SHAPE, {threshold: {nodes: {each: 0.2}}});
    const frames = clip(20);
    for (let t = 0; t + STEPS <= frames.length; t++) {
      const window = windowOf(frames.slice(t, t + STEPS));
      const [actual] = show(player.reuse, window);
      const [expected] = show(player.model, window);
      actual.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(0.2 + 1e-4));
    }
    expect(() =>
      withReuse(player.model, {threshold: {nodes: {second: 1}}}).predict(tf.zeros([1, ...SHAPE])),
    ).toThrow("'second'");
  });

  it('is not recorded: the error names the layer', () => {
    player = new Player();
    expect(() => player.reuse.record()).toThrow(/'each' \(TimeDistributed\)/);
  });

  it('leaves no tensors', () => {
    player = new Player();
    const frames = clip(8);
    player.play(windowOf(frames.slice(0, STEPS)));
    const before = tf.memory().numTensors;
    for (let t = 1; t < 4; t++) player.play(windowOf(frames.slice(t, t + STEPS)));
    expect(tf.memory().numTensors).toBe(before);
  });
});
