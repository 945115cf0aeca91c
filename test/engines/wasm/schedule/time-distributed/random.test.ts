/** Random windows of frames, and random trunks over them, give what a fresh model gives. */
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import {backends, useBackend} from '../../../../backends';
import {numbers} from '../../../../importers/helpers';
import {applyEdit, buildNetwork, clip as edits, network} from '../../../../properties/networks';
import {Player, SHAPE, SIZE, STEPS, windowed, windowOf} from './player';
import {sample} from '../../../../scale';

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  let player: Player;
  afterEach(() => player.dispose());

  it('equals a fresh model and the model itself in random windows of random clips', () => {
    player = new Player();
    const cut = fc.array(fc.nat(5), {minLength: STEPS, maxLength: STEPS});
    const edit = fc.record({frame: fc.nat(5), at: fc.nat(SIZE - 1), value: fc.constantFrom(0, -0, 1, -3.5)});
    const turn = fc.record({cut, edits: fc.array(edit, {maxLength: 2}), commit: fc.boolean()});
    fc.assert(
      fc.property(fc.integer(), fc.array(turn, {minLength: 2, maxLength: 10}), (seed, turns) => {
        const frames = Array.from({length: 6}, (_, i) => numbers(SIZE, seed + (i >> 1)));
        player.reuse.reset();
        player.play(windowOf(frames.slice(0, STEPS)));
        for (const {edits, commit, ...shown} of turns) {
          for (const {frame, at, value} of edits) frames[frame][at] = value;
          const window = windowOf(shown.cut.map((i) => frames[i]));
          if (!commit) {
            const tensor = tf.tensor(window, [1, ...SHAPE]);
            tf.dispose(player.reuse.predict(tensor, {commit: false}));
            tensor.dispose();
          }
          player.play(window);
        }
      }),
      sample({short: 6, ci: 40, long: 40}),
    );
  });

  it('equals a fresh model, whatever the trunk', () => {
    const window = fc.array(fc.integer({min: 0, max: 5}), {minLength: 3, maxLength: 3});
    const turns = fc.array(window, {minLength: 3, maxLength: 8});
    fc.assert(
      fc.property(network, edits, turns, (spec, edited, backs) => {
        const frame = new Float32Array(tf.util.sizeFromShape(spec.input));
        const frames = edited.map((edit) => {
          applyEdit(frame, spec.input, edit);
          return frame.slice();
        });
        player = new Player(windowed(buildNetwork(spec, backend), [3, ...spec.input]), [3, ...spec.input]);
        backs.forEach((back, t) => {
          const shown = back.map((by, i) => frames[Math.max(0, 2 * t + i - by)]);
          player.replay(Float32Array.from(shown.flatMap((values) => Array.from(values))));
        });
        player.dispose();
      }),
      sample({short: 4, ci: 30, long: 30}),
    );
    player = new Player();
  });
});
