/**
 * Windows of frames: in each, what earlier windows computed of the same frames is used again, and any other frame is
 * computed from the one computed before it. Results are those of a fresh model, bit for bit, and the model's own.
 */
import {withReuse} from '../../../../../src';
import {layers} from '@tensorflow/tfjs-layers';
import {backends, useBackend} from '../../../../backends';
import {numbers} from '../../../../importers/helpers';
import {expectClose} from '../../../../promises/helpers';
import {CHANNELS, clip, HEIGHT, Player, show, SIZE, STEPS, windowed, windowOf, WIDTH} from './player';

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  let player: Player;
  afterEach(() => player.dispose());

  it.each([1, 2, 3])(
    'a window that slides by %i computes the new frames alone, and of these the change',
    (by) => {
      player = new Player();
      const frames = clip(30);
      player.play(windowOf(frames.slice(0, STEPS)));
      for (let t = by; t + STEPS <= frames.length; t += by) {
        const computed = player.play(windowOf(frames.slice(t, t + STEPS)));
        expect(computed).toBeGreaterThan(0);
        expect(computed).toBeLessThan(by * 0.75);
      }
    },
  );

  it('the engine computes the node, and counts the multiply-adds of all steps', () => {
    player = new Player();
    const frames = clip(STEPS + 1);
    player.play(windowOf(frames.slice(0, STEPS)));
    const dense = player.reuse.lastFrame!.layers.find(({name}) => name === 'each')!.denseMacs;
    const pixels = HEIGHT * WIDTH;
    expect(dense).toBe(STEPS * (pixels * 9 * (CHANNELS * 4 + 4 * 4) + (pixels / 4) * 4 * 5));
    player.play(windowOf(frames.slice(1)));
    const {engine, macs} = player.reuse.lastFrame!.layers.find(({name}) => name === 'each')!;
    expect(engine).toBe('wasm');
    expect(macs).toBeLessThan(dense / STEPS);
  });

  it('a window that stays, in which one frame changes', () => {
    player = new Player();
    const frames = clip(8);
    player.play(windowOf(frames.slice(0, STEPS)));
    const computed = player.play(windowOf([frames[0], frames[5], frames[2], frames[3]]));
    expect(computed).toBeLessThan(0.75);
    expect(player.play(windowOf([frames[0], frames[5], frames[2], frames[3]]))).toBe(0);
  });

  it('a window that is played backwards, turned round or shuffled computes nothing that it has shown', () => {
    player = new Player();
    const frames = clip(STEPS);
    player.play(windowOf(frames));
    expect(player.play(windowOf([...frames].reverse()))).toBe(0);
    expect(player.play(windowOf([frames[2], frames[0], frames[2], frames[1]]))).toBe(0);
  });

  it('a frame that is there several times is computed once', () => {
    player = new Player();
    const [a, b, c] = clip(3);
    expect(player.play(windowOf([a, a, a, a]))).toBe(1);
    expect(player.play(windowOf([a, b, b, a]))).toBeLessThan(0.75);
    expect(player.play(windowOf([c, c, c, c]))).toBeLessThan(0.75);
    expect(player.play(windowOf([c, a, c, c]))).toBeLessThan(0.75);
    const [one, other] = [numbers(SIZE, 70), numbers(SIZE, 71)];
    const computed = player.play(windowOf([one, other, one, other]));
    expect(computed).toBeGreaterThan(1);
    expect(computed).toBeLessThanOrEqual(2);
  });

  it('a window that jumps is computed anew, and a scene after it as before', () => {
    player = new Player();
    const frames = clip(20);
    const other = Array.from({length: STEPS}, (_, i) => numbers(SIZE, 90 + i));
    player.play(windowOf(frames.slice(0, STEPS)));
    expect(player.play(windowOf(other))).toBeGreaterThan(2);
    player.play(windowOf(frames.slice(10, 10 + STEPS)));
    expect(player.play(windowOf(frames.slice(11, 11 + STEPS)))).toBeLessThan(0.75);
  });

  it('zeros, signs of zeros and numbers that are none are told apart by their bits', () => {
    // Every backend makes the same of NaN there, so that a window that holds one stays with the engine.
    player = new Player(windowed(layers.conv2d({filters: 3, kernelSize: 3})));
    const none = new Float32Array(SIZE);
    const minus = none.slice().fill(-0);
    const strange = none.slice();
    strange[7] = NaN;
    // The first window may not be taken for what was there before it.
    expect(player.play(windowOf([none, none, none, none]))).toBe(1);
    const [a] = clip(1);
    show(player.reuse, windowOf([none, minus, a, strange]));
    expect(player.computed()).toBeGreaterThan(0);
    show(player.reuse, windowOf([minus, a, strange, strange]));
    expect(player.computed()).toBe(0);
  });

  it('is left to the layer itself by other engines, with the same result', () => {
    player = new Player();
    const portable = withReuse(player.model, {policy: 'incremental', engine: 'tfjs'});
    const frames = clip(8);
    for (let t = 0; t < 4; t++) {
      const window = windowOf(frames.slice(t, t + STEPS));
      const expected = show(player.model, window);
      show(portable, window).forEach((actual, i) => expectClose(actual, expected[i]));
    }
    portable.dispose();
  });
});
