/**
 * Nothing drifts: after 10, 100 and all frames of a noisy clip, every cached activation is within its tolerance of what
 * float64 computes from its current cached inputs, and the cached input is, to the bit, what the rules of the gate say it
 * has seen; on every engine, with thresholds of every kind on every node, and with every kind of gate.
 */
import * as tf from '@tensorflow/tfjs-core';
import {ActivationCache} from '../../src/cache';
import type {Engine, Program, Threshold} from '../../src/engines';
import {tfjsEngine} from '../../src/engines/tfjs/engine';
import {wasmEngine} from '../../src/engines/wasm/engine';
import {planeOf, type Graph} from '../../src/graph';
import {importLayersModel} from '../../src/importers';
import {gateOf, type Gate, type InputThreshold} from '../../src/region';
import {backends, useBackend} from '../backends';
import {cameraModel, normals} from '../calibration/clip';
import {numbers} from '../importers/helpers';
import {settingsOf, type Setting} from '../reference/float64';
import {judge, type Tolerances} from '../reference/judge';
import {atScale} from '../scale';

const FRAMES = atScale({short: 120, ci: 400, long: 1000});
const CHECKED = [10, 100, FRAMES];
const [HEIGHT, WIDTH, CHANNELS] = [9, 11, 2];
const SHAPE = [HEIGHT, WIDTH, CHANNELS];
const NOISE = 0.05;

/** Slow waves, something small that moves, and noise. Made once: normal numbers are dear. */
const noise = Array.from({length: 16}, (_, i) => normals(HEIGHT * WIDTH * CHANNELS, 40 + i));
const background = numbers(HEIGHT * WIDTH * CHANNELS, 3);
function frameAt(t: number): Float32Array {
  const frame = background.map((value, i) => value + Math.sin(t / 60 + i / 50) + NOISE * noise[t % 16][i]);
  const at = ((1 + (t % 7)) * WIDTH + (t % 10)) * CHANNELS;
  return frame.fill(3, at, at + 2 * CHANNELS);
}

/** What a cache that follows the rules has seen of the clip. */
class Seen {
  readonly values = frameAt(0);

  constructor(private readonly gate: Gate) {}

  look(frame: Float32Array): void {
    const {value, neighbours, grow} = this.gate;
    let marked = this.each((at) => this.isOver(frame, at * CHANNELS, value));
    const over = marked;
    marked = this.each((at) => {
      const near = around(at);
      const crowd = near.filter((other) => over[other]).length;
      return over[at] && crowd >= Math.min(neighbours, near.length);
    });
    for (let i = 0; i < grow; i++) {
      const before = marked;
      marked = this.each((at) => before[at] || around(at).some((other) => before[other]));
    }
    marked.forEach((is, at) => {
      if (is) this.values.set(frame.subarray(at * CHANNELS, (at + 1) * CHANNELS), at * CHANNELS);
    });
  }

  private each(rule: (at: number) => boolean): boolean[] {
    return Array.from({length: HEIGHT * WIDTH}, (_, at) => rule(at));
  }

  private isOver(frame: Float32Array, from: number, gate: number): boolean {
    for (let i = from; i < from + CHANNELS; i++) {
      if (Math.abs(Math.fround(frame[i] - this.values[i])) > Math.fround(gate)) return true;
    }
    return false;
  }
}

function around(at: number): number[] {
  const [y, x] = [Math.floor(at / WIDTH), at % WIDTH];
  return [-1, 0, 1]
    .flatMap((dy) => [-1, 0, 1].map((dx) => [y + dy, x + dx]))
    .filter(([row, column]) => row >= 0 && row < HEIGHT && column >= 0 && column < WIDTH)
    .map(([row, column]) => row * WIDTH + column)
    .filter((other) => other !== at);
}

/** A threshold with a scale on every node that computes, small enough to matter and large enough to bite. */
function scaled(graph: Graph): {thresholds: Map<number, Threshold>; tolerances: Tolerances} {
  const thresholds = new Map<number, Threshold>();
  const tolerances = new Map<number, number[]>();
  for (const {id, op, outputs} of graph.nodes) {
    if (op.kind === 'reshape') continue;
    const {channels} = planeOf(graph.values[outputs[0]]);
    const rms = Array.from({length: channels}, (_, c) => 0.5 + c / 4);
    // Absolute ones in between, to have both.
    const threshold: Threshold = id % 3 === 2 ? 0.03 : {relative: 0.04, rms};
    thresholds.set(id, threshold);
    tolerances.set(
      outputs[0],
      rms.map((value) => (typeof threshold === 'number' ? threshold : 0.04 * value)),
    );
  }
  return {thresholds, tolerances};
}

class Player {
  private readonly cache = new ActivationCache();
  private readonly settings: Setting[];
  /** Values that were farther from float64 than rounding can be, at any time. */
  approximate = 0;

  constructor(
    private readonly graph: Graph,
    private readonly program: Program,
    private readonly tolerances: Tolerances,
  ) {
    this.settings = settingsOf(graph);
  }

  show(frame: Float32Array): Float32Array[] {
    const {reads} = this.program;
    const tensor = tf.tensor(frame.slice(), [1, ...SHAPE]);
    const value = reads === 'values' ? {data: frame, stride: CHANNELS} : tensor;
    const delta = this.program.difference(this.cache, [value], null);
    const {outputs} = this.program.run(this.cache, [value], delta);
    const values = outputs.map((output) => output.dataSync().slice() as Float32Array);
    tf.dispose([tensor, ...outputs]);
    return values;
  }

  /** Every activation against what its inputs, as they are cached, make it. */
  judge(activations: readonly Float32Array[]): void {
    this.approximate += judge(this.graph, this.settings, activations, this.tolerances);
  }

  dispose(): void {
    this.cache.dispose();
    this.program.dispose();
  }
}

const gates: [string, InputThreshold][] = [
  ['no gate', 0],
  ['a gate', 2 * NOISE],
  ['a gate that looks at neighbours', {value: NOISE, neighbours: 3}],
  ['a gate that looks at neighbours and grows', {value: 1.5 * NOISE, neighbours: 2, grow: 1}],
];

function play(engine: Engine, gate: InputThreshold): void {
  const imported = importLayersModel(cameraModel({gated: true, shape: SHAPE}), [SHAPE]);
  const graph = {...imported, outputs: imported.values.map(({id}) => id)};
  const {thresholds, tolerances} = scaled(graph);
  const player = new Player(graph, engine.compile(graph, {thresholds, inputThreshold: gate}), tolerances);
  const seen = new Seen(gateOf(gate));
  for (let t = 0; t <= FRAMES; t++) {
    const frame = frameAt(t);
    const activations = player.show(frame);
    if (t > 0) seen.look(frame);
    if (!CHECKED.includes(t)) continue;
    expect(activations[graph.inputs[0]]).toEqual(seen.values);
    player.judge(activations);
  }
  expect(player.approximate).toBeGreaterThan(0);
  player.dispose();
}

describe('the WebAssembly engine', () => {
  beforeAll(() => useBackend('cpu'));

  test.each(gates)('with %s', (_name, gate) => play(wasmEngine, gate));
});

describe.each(backends)('the portable engine on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  // The gate that does all that a gate can do: a thousand frames take a while.
  test.each(gates.slice(-1))('with %s', (_name, gate) => play(tfjsEngine, gate));
});

test('a scale holds whatever the first frame was', async () => {
  await useBackend('cpu');
  const imported = importLayersModel(cameraModel({shape: SHAPE}), [SHAPE]);
  const graph = {...imported, outputs: imported.values.map(({id}) => id)};
  const {thresholds, tolerances} = scaled(graph);
  for (const engine of [wasmEngine, tfjsEngine]) {
    const player = new Player(graph, engine.compile(graph, {thresholds, inputThreshold: 0}), tolerances);
    // All black: relative to this frame, everything would be exact.
    player.show(new Float32Array(background.length));
    for (let t = 1; t <= 20; t++) player.judge(player.show(frameAt(t)));
    expect(player.approximate).toBeGreaterThan(0);
    player.dispose();
  }
});
