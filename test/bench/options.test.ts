import {tmpdir} from 'node:os';
import {networkName} from '../../bench/networks';
import {readOptions} from '../../bench/options';
import {GAMES} from '../../examples/atari/games';
import {errorIn} from '../examples/command';

const read = (text: string) => readOptions(text.split(' ').filter(Boolean));

const errorOf = (...argv: string[]) => errorIn(readOptions, argv);

it('options have defaults', () => {
  const options = read('');
  expect(options.games).toEqual(GAMES);
  expect(options.networks).toHaveLength(6);
  expect(options).toMatchObject({baselines: ['tensorflow', 'onnx'], baselinesNamed: false});
  expect(options.settings).toEqual({engine: 'auto', threads: 1, frames: 100, rounds: 3, sample: 24});
});

it('options are read', () => {
  const options = read('--games pong,Alien --networks d4:20/40 --frames 20 --baselines cpu --parts kernels');
  expect(options.games).toEqual(['Pong', 'Alien']);
  expect(options.networks.map(networkName)).toEqual(['D4:20/40']);
  expect(options).toMatchObject({baselines: ['cpu'], baselinesNamed: true, parts: ['kernels']});
  expect(options.settings.frames).toBe(20);
});

it('a quick run is short, and what is asked for beside it holds', () => {
  const {games, parts, settings} = read('--quick');
  expect({games, parts}).toEqual({games: ['Breakout', 'Pong'], parts: ['networks', 'unchanged']});
  expect(settings).toMatchObject({frames: 24, rounds: 1});
  expect(read('--quick --games Alien --rounds 2')).toMatchObject({games: ['Alien'], settings: {rounds: 2}});
});

it.each([
  ['--games', 'Tetris', 'Breakout'],
  ['--networks', 'D3:20/40', 'D4:20/40'],
  ['--frames', '7', '8 to 3000'],
  ['--rounds', '1.5', '1 to 20'],
  ['--baselines', 'wasm', 'tensorflow, onnx, cpu'],
  ['--parts', 'all', 'networks, unchanged, kernels'],
  ['--engine', 'fast', 'auto, tfjs, wasm'],
  ['--json', tmpdir(), 'a folder'],
])('options refuse %s %s and say what fits', (option, value, expected) => {
  const error = errorOf(option, value);
  expect(error).toContain(option);
  expect(error).toContain(expected);
});
