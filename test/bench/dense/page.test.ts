/** What docs/performance.md has of dense frames: tables by network and host, wins and losses, and what did not run. */
import {denseAbsencesText, denseRatiosText, denseText} from '../../../bench/docs/dense';
import type {DenseResults, DenseRow} from '../../../bench/dense/results';

const figure = (ms: number, cpuMs: number | null = ms) => ({ms, cpuMs, difference: 1e-6});

const node: DenseRow = {
  host: 'node-24',
  version: 'Node 24.21.0',
  work: 'posenet',
  macs: 1.5e9,
  sides: {
    'tfjs-wasm-1': figure(80),
    'engine-1': figure(40),
    'litert-1': {absent: 'no relaxed SIMD'},
    'onnx-node-2': figure(10, 20),
  },
};
const firefox: DenseRow = {
  ...node,
  host: 'firefox',
  version: 'Firefox 153.8.0esr',
  sides: {'tfjs-wasm-1': figure(60, null), 'engine-1': figure(50), 'litert-1': figure(40)},
};
const results = {rows: [node, firefox]} as unknown as DenseResults;

const cells = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').slice(1, -1))
    .map((line) => line.map((cell) => cell.trim()));

it("there is a table for each network, with time and the processor's time of all that ran anywhere", () => {
  const text = denseText(results);
  expect(text).toMatch(/^#### posenet: 1.50 G multiply-adds\n/);
  const [head, , ...lines] = cells(text);
  expect(head).toEqual(['Side', 'Node 24', 'Firefox 153 ESR']);
  expect(lines).toEqual([
    ['tfjs wasm, 1 thread', '80.0 / 80.0', '60.0 / –'],
    ['this library, 1 thread', '40.0 / 40.0', '50.0 / 50.0'],
    ['LiteRT.js, 1 thread', '–', '40.0 / 40.0'],
    ['onnxruntime-node, 2 threads', '10.0 / 20.0', '–'],
  ]);
});

it('wins and losses are told against each of the others', () => {
  const [head, , ...lines] = cells(denseRatiosText(results));
  expect(head).toEqual([
    'Network, host',
    'tfjs wasm, 1 thread',
    'LiteRT.js, 1 thread',
    'onnxruntime-node, 2 threads',
  ]);
  expect(lines).toEqual([
    ['posenet, Node 24', '2.00×', '–', '0.250×'],
    ['posenet, Firefox 153 ESR', '1.20×', '0.800×', '–'],
  ]);
});

it('two threads are held against two where this library had two', () => {
  const row = {...node, sides: {...node.sides, 'engine-2': figure(20)}};
  const [, , [, , twoThreads]] = cells(denseRatiosText({...results, rows: [row]}));
  expect(twoThreads).toBe('0.500×');
});

it('what did not run is named with the reason', () => {
  expect(denseAbsencesText(results)).toBe('- LiteRT.js, 1 thread, Node 24: no relaxed SIMD');
  expect(denseAbsencesText({...results, rows: [firefox]})).toBe('All sides ran everywhere.');
});
