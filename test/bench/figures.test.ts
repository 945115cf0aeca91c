import {networkName, findNetwork, NETWORKS} from '../../bench/networks';
import {frameTime, pairedRatio, roundMeans} from '../../bench/measure/statistics';
import type {GameResult, KernelResult, SideResult} from '../../bench/results';
import {changedColumns} from '../../bench/spans';
import {autoRatio, efficiencyOf, gmacsOf, idealOf, speedUpOf, summarize} from '../../bench/summary';
import {propagate, Region} from '../../src';

describe('the time of a frame', () => {
  // Three rounds over two frames; the last round was disturbed.
  const rounds = [
    [1, 10],
    [2, 12],
    [90, 11],
  ];

  it('is the median of all, where all frames cost the same', () => {
    expect(frameTime(rounds, 'sampled')).toBe(10.5);
  });

  it('is the mean of the frames, each the median of its rounds, where each costs its own', () => {
    expect(frameTime(rounds, 'steady')).toBe(6.5);
  });

  it('is the median round, where no frame can be left out', () => {
    expect(frameTime(rounds, 'adaptive')).toBe(7);
    expect(roundMeans(rounds)).toEqual([5.5, 7, 50.5]);
  });

  it('is compared round by round', () => {
    expect(pairedRatio([10, 20, 12], [5, 10, 4])).toBe(2);
  });
});

it('networks have names', () => {
  expect(NETWORKS.map(networkName)).toEqual([
    'D4:20/40',
    'D4:40/80',
    'D4:80/160',
    'D2:20/40',
    'D2:40/80',
    'D2:80/160',
  ]);
  expect(findNetwork('d2:80/160')).toEqual({downsample: 2, filters: [80, 160]});
  expect(findNetwork('D3:80/160')).toBeUndefined();
});

const side = (ms: number, ...rounds: number[]): SideResult => ({ms, rounds, cpuMs: 2 * ms, joules: null});
const game = (changes: Partial<GameResult>): GameResult => ({
  game: 'Pong',
  frames: 96,
  changed: 0.01,
  denseMacs: 1000,
  affectedMacs: 100,
  sides: {
    'dense-wasm': side(10, 10, 10),
    reuse: side(2, 2, 2),
    'dense-tensorflow': side(4, 4, 5),
    'auto-tensorflow': side(4, 5, 5),
  },
  ...changes,
});

describe('of a game', () => {
  it('there are the speed-up, the ideal one, and what was gained of it', () => {
    expect(speedUpOf(game({}), 'reuse')).toBe(5);
    expect(idealOf(game({}))).toBe(10);
    expect(efficiencyOf(game({}), 'reuse')).toBe(0.5);
    expect(speedUpOf(game({}), 'onnx-1')).toBeUndefined();
    expect(efficiencyOf(game({affectedMacs: 0}), 'reuse')).toBe(0);
  });

  it('the policy is compared with the model on its own backend', () => {
    expect(autoRatio(game({}), 'tensorflow')).toBe(0.9);
    expect(autoRatio(game({}), 'cpu')).toBeUndefined();
  });
});

describe('of several games', () => {
  const still = game({
    game: 'Boxing',
    affectedMacs: 0,
    sides: {'dense-wasm': side(20, 20, 20), reuse: side(1, 1, 1), 'onnx-1': side(5, 5, 5)},
  });

  it('there are means, and ratios of the means', () => {
    const summary = summarize({games: [game({}), still]});
    expect(summary.ms).toEqual({'dense-wasm': 15, reuse: 1.5});
    expect(summary.cpuMs['reuse']).toBe(3);
    expect(summary.speedUp).toEqual({'dense-wasm': 1, reuse: 10});
    expect(summary.ideal).toBe(20);
    expect(summary.joules).toEqual({});
  });

  it('a game that stands still has no part in the mean efficiency', () => {
    expect(summarize({games: [game({}), still]}).efficiency['reuse']).toBe(0.5);
    expect(summarize({games: [still]}).efficiency).toEqual({});
  });

  it('the worst one for the policy is named', () => {
    const worse = game({game: 'Alien', sides: {...game({}).sides, 'auto-tensorflow': side(8, 8, 10)}});
    expect(summarize({games: [game({}), worse]}).worstAuto).toEqual({
      tensorflow: {game: 'Alien', ratio: 0.5},
    });
  });
});

describe('a kernel', () => {
  const kernel: KernelResult = {layer: '1×1', span: 4, macs: 5e6, ms: 2, baseMacs: 1e6, baseMs: 1};

  it('is judged without what any frame costs', () => {
    expect(gmacsOf(kernel)).toBe(4);
    expect(gmacsOf({...kernel, baseMs: 2})).toBeNull();
  });

  it.each([1, 3])('of %i columns gets spans as long as asked for', (size) => {
    for (const span of [1, 2, 3, 4, 7, 33, 64]) {
      const {x, width} = changedColumns(span, size);
      const changed = Region.fromRects(64, 128, [{x, y: 0, width, height: 64}]);
      const affected = propagate(changed, {input: [64, 128], kernel: [size, size], padding: 'valid'});
      expect(affected.spans().map(({length}) => length)).toEqual(Array(64 - size + 1).fill(span));
    }
  });
});
