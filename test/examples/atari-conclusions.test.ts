import {conclude} from '../../examples/atari/conclusions';
import {overall, withSpeedUp, type Figures, type Measured} from '../../examples/atari/figures';

const measured: Measured = {
  changed: 0.01,
  rectangle: 0.25,
  recomputed: 0.08,
  denseMs: 8,
  reuseMs: 1,
  denseMedianMs: 8,
  reuseMedianMs: 1,
  fullMs: 4,
  peerMs: {},
  denseMacs: 1000,
  affectedMacs: 80,
  difference: 2.4e-7,
};
const game = (name: string, changes: Partial<Measured> = {}): Figures =>
  withSpeedUp({name, ...measured, ...changes});
const conclusionsOf = (...games: Figures[]) => conclude('wasm', games, overall(games));

describe('the sentence', () => {
  it('says how much faster the network answers, on what, beside whom, and that the results are the same', () => {
    expect(conclusionsOf(game('Alien'), game('Pong'))).toMatchObject({
      sentence:
        'On 2 Atari games this network answers 8.0 times as fast with tfjs-reuse as on tfjs’s wasm backend alone, ' +
        'with the same results (largest difference 2.4e-7).',
      slower: null,
    });
  });

  it('names a game that is the only one', () => {
    expect(conclusionsOf(game('Pong')).sentence).toMatch(/^On Pong this network answers 8\.0 times as fast/);
  });

  it('names the backend', () => {
    const games = [game('Pong')];
    const sentenceOn = (backend: 'cpu' | 'tensorflow') => conclude(backend, games, overall(games)).sentence;
    expect(sentenceOn('cpu')).toContain('as on tfjs’s plain JavaScript backend alone');
    expect(sentenceOn('tensorflow')).toContain('as on tfjs-node alone');
  });

  it('does not hide that reuse is slower', () => {
    const {sentence, slower} = conclusionsOf(game('Pong', {reuseMs: 16}));
    expect(sentence).toMatch(/^On Pong this network answers only 0\.50 times as fast/);
    expect(slower).toBeNull();
  });
});

describe('where reuse is slower', () => {
  it('the games are named, the slowest first', () => {
    const {sentence, slower} = conclusionsOf(
      game('Alien', {reuseMs: 8.1}),
      game('Pong'),
      game('Qbert', {reuseMs: 10}),
    );
    expect(sentence).toContain(' 1.3 times as fast');
    expect(slower).toBe('It is slower in Qbert (0.80 times as fast), Alien (0.99 times as fast).');
  });

  it('a long list is cut short, with how many more there are', () => {
    const games = Array.from({length: 9}, (_, i) => game(`Game${i}`, {reuseMs: 20 - i}));
    expect(conclusionsOf(...games, game('Pong')).slower).toMatch(
      /^It is slower in Game0 .*Game5 \(.*\), 3 more\.$/,
    );
  });
});

describe('the details', () => {
  it('tell the speed of the kernels from that of reuse', () => {
    expect(conclusionsOf(game('Pong')).details).toEqual([
      'With nothing reused, the engine of tfjs-reuse is 2.0 times as fast as tfjs’s wasm backend; reuse, which leaves ' +
        'out 92 % of the multiply-adds, is 4.0 times as fast as that.',
    ]);
  });

  it('have a line for each peer, and the games in which it is faster', () => {
    const {details} = conclusionsOf(
      game('Alien', {peerMs: {'tfjs-node': 6, 'onnxruntime-node': 0.5}}),
      game('Pong', {peerMs: {'tfjs-node': 4, 'onnxruntime-node': 3.5}}),
    );
    expect(details.slice(1)).toEqual([
      'Beside tfjs-node, with as many threads as it chooses, reuse is 5.0 times as fast.',
      'Beside onnxruntime-node, with as many threads as it chooses, reuse is 2.0 times as fast; it is slower in Alien ' +
        '(0.50 times as fast).',
    ]);
  });
});
