import * as tf from '@tensorflow/tfjs-core';
import {useBackend} from '../../examples/atari/backend';
import {checkClose, checkOutput, Mismatch} from '../../examples/atari/check';
import {affectedMacs} from '../../examples/atari/macs';
import {buildNetwork, type NetworkSize} from '../../examples/atari/network';
import {openRecording} from '../../examples/atari/recording';
import {reference} from '../../examples/atari/reference';
import {sampleFrames} from '../../examples/atari/sample';
import {Region} from '../../src';

const size: NetworkSize = {height: 53, width: 40, filters: [20, 40], actions: 6};
const small: NetworkSize = {height: 9, width: 8, filters: [3, 4], actions: 5};

beforeAll(() => useBackend('cpu'));

function outputs(network: NetworkSize, frames: readonly ArrayLike<number>[]): Float32Array[] {
  const model = buildNetwork(network);
  const {height, width} = network;
  const results = frames.map((pixels) =>
    tf.tidy(() => {
      const frame = tf.tensor4d(Float32Array.from(pixels), [1, height, width, 1]);
      return (model.predict(frame) as tf.Tensor).dataSync().slice() as Float32Array;
    }),
  );
  model.dispose();
  return results;
}

describe("the paper's network", () => {
  it('says so where screens are too small for it', () => {
    expect(() => buildNetwork({...size, height: 1, width: 1})).toThrow(
      /too small: 1 × 1 pixels .* takes 5 × 5 at least/,
    );
    expect(() => buildNetwork({...size, width: 4})).toThrow(/53 × 4 pixels/);
    buildNetwork({...small, height: 5, width: 5}).dispose();
  });

  it('has two valid 3×3 convolutions with ReLU, and a dense softmax without bias', () => {
    const model = buildNetwork(size);
    expect(model.layers.map((layer) => layer.outputShape)).toEqual([
      [null, 51, 38, 20],
      [null, 49, 36, 40],
      [null, 49 * 36 * 40],
      [null, 6],
    ]);
    const configs = model.layers.map((layer) => layer.getConfig());
    expect(configs[0]).toMatchObject({
      activation: 'relu',
      padding: 'valid',
      kernelSize: [3, 3],
      useBias: true,
    });
    expect(configs[1]).toMatchObject({
      activation: 'relu',
      padding: 'valid',
      kernelSize: [3, 3],
      useBias: true,
    });
    expect(configs[3]).toMatchObject({activation: 'softmax', useBias: false});
    model.dispose();
  });

  it('has the same weights each time', () => {
    const [one, two] = [buildNetwork(small), buildNetwork(small)].map((model) => {
      const weights = model.getWeights().map((weight) => Array.from(weight.dataSync()));
      model.dispose();
      return weights;
    });
    expect(one).toEqual(two);
  });

  it('is moved by what it sees, and saturates nowhere, so that comparing outputs proves something', () => {
    const header = openRecording('Breakout').header;
    const frames = [...sampleFrames(openRecording('Breakout'), 4, [{from: 0, to: 30}])].map(
      ({pixels}) => pixels,
    );
    const results = outputs({...size, actions: header.actionCount}, frames);
    for (const result of results) expect(Math.max(...result)).toBeLessThan(0.95);
    const farthest = Math.max(...results.map((result) => Math.abs(result[0] - results[0][0])));
    expect(farthest).toBeGreaterThan(1e-3);
  });

  it('tells by more than the tolerance if a single pixel was missed', () => {
    const [{pixels}] = sampleFrames(openRecording('Pong'), 4, [{from: 1500, to: 1501}]);
    const other = pixels.slice();
    other[30 * size.width + 20] += 20;
    const [before, after] = outputs(size, [pixels, other]);
    expect(() => checkOutput(before, after, () => Float64Array.from(after), 'here')).toThrow(Mismatch);
  });

  it('is what the reference computes in float64', () => {
    const model = buildNetwork(small);
    const pixels = Float32Array.from({length: 72}, (_, i) => (i * 37) % 256);
    const [result] = outputs(small, [pixels]);
    const exact = reference(model, small, pixels);
    model.dispose();
    expect(exact.reduce((sum, value) => sum + value)).toBeCloseTo(1, 12);
    for (const [i, value] of exact.entries()) expect(Math.abs(value - result[i])).toBeLessThan(1e-6);
  });
});

describe('multiply-adds', () => {
  it('of a dense frame are those of every output', () => {
    const macs = 51 * 38 * 9 * 20 + 49 * 36 * (9 * 20 * 40 + 40 * 6);
    expect(affectedMacs(Region.full(53, 40), size)).toBe(macs);
    expect(affectedMacs(Region.empty(53, 40), size)).toBe(0);
  });

  it('of one pixel are those of the 3×3 and 5×5 outputs that read it, or of fewer at the edge', () => {
    const pixel = (y: number, x: number) => Region.fromRects(53, 40, [{y, x, height: 1, width: 1}]);
    const perFirst = 9 * 20;
    const perSecond = 9 * 20 * 40 + 40 * 6;
    expect(affectedMacs(pixel(20, 20), size)).toBe(9 * perFirst + 25 * perSecond);
    expect(affectedMacs(pixel(0, 0), size)).toBe(perFirst + perSecond);
  });
});

describe('the check of a result', () => {
  const dense = Float32Array.of(0.5, 0.25, 0.25);
  const never = () => {
    throw new Error('The reference was asked for without need.');
  };

  it('passes what lies within 1e-5 of the largest magnitude, and says how far it is off', () => {
    expect(checkOutput(dense, dense, never, 'here')).toBe(0);
    const off = Float32Array.of(0.5, 0.250003, 0.25);
    expect(checkOutput(off, dense, never, 'here')).toBeCloseTo(6e-6, 7);
  });

  it('passes what lies within 4 times the distance of float32 from float64', () => {
    const exact = () => Float64Array.of(0.5, 0.25 - 1e-5, 0.25);
    const off = (distance: number) => Float32Array.of(0.5, 0.25 + distance, 0.25);
    expect(checkOutput(off(3.9e-5), dense, exact, 'here')).toBeGreaterThan(7e-5);
    expect(() => checkOutput(off(4.1e-5), dense, exact, 'Pong, frame 3')).toThrow(Mismatch);
    expect(() => checkOutput(off(4.1e-5), dense, exact, 'Pong, frame 3')).toThrow(
      /^Pong, frame 3: .*4\.1\de-5 off/,
    );
  });

  it('fails a NaN on either side, and another length', () => {
    const exact = () => Float64Array.from(dense);
    const withNaN = Float32Array.of(0.5, NaN, 0.25);
    expect(() => checkOutput(withNaN, dense, exact, 'here')).toThrow(Mismatch);
    expect(() => checkOutput(dense, withNaN, exact, 'here')).toThrow(Mismatch);
    expect(() => checkOutput(dense.slice(1), dense, exact, 'here')).toThrow(/2 values with reuse, but 3/);
  });

  it("of somebody else's computation passes what lies within 1e-4, and fails all else", () => {
    expect(() => checkClose(Float32Array.of(0.5, 0.25004, 0.25), dense, 'here')).not.toThrow();
    for (const wrong of [[0.5, 0.25006, 0.25], [0.5, NaN, 0.25], [0.5, 0.25], []]) {
      expect(() => checkClose(Float32Array.from(wrong), dense, 'Pong, frame 3')).toThrow(/^Pong, frame 3: /);
    }
  });
});
