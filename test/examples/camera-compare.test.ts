import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import {ready} from '../../src';
import {compare} from '../../examples/camera/compare';
import {openClip} from '../../examples/camera/clips';
import type {CameraModel} from '../../examples/camera/models/task';
import type {Settings} from '../../examples/camera/settings';
import {backends, useBackend} from '../backends';
import {TINY_SIZE, tinyModel} from './graph-models';

const tiny: CameraModel = {
  name: 'tiny',
  finds: 'mask',
  size: TINY_SIZE,
  shape: [1, TINY_SIZE.height, TINY_SIZE.width, 3],
  greyLevel: 1 / 255,
  outputs: ['mask'],
  encode: ({values}) => Float32Array.from(values, (level) => level / 255),
  decode: ([values]) => ({kind: 'mask', mask: {...TINY_SIZE, values}}),
};

const exact: Settings = {
  model: 'tiny',
  clip: 'camera',
  frames: 6,
  backend: 'cpu',
  engine: 'auto',
  policy: 'incremental',
  gate: 0,
  threshold: 0,
};

const clip = openClip(exact, TINY_SIZE);

describe.each(backends)('on %s', (backend) => {
  let model: GraphModel;
  beforeAll(async () => {
    await useBackend(backend);
    await ready();
    model = await tinyModel();
  });
  afterAll(() => model.dispose());

  it('exact reuse finds what the model finds', () => {
    const {frames, agreement, leastAgreement, distance, speedUp} = compare(model, tiny, clip, exact).figures;
    expect(frames.map(({frame}) => frame)).toEqual([1, 2, 3, 4, 5]);
    expect([agreement, leastAgreement]).toEqual([1, 1]);
    expect(distance).toBeLessThan(1e-6);
    expect(speedUp).toBeGreaterThan(0);
    for (const {denseFound, reuseFound, path, steadiness, changed} of frames) {
      expect(reuseFound).toBe(denseFound);
      expect(path).toBe('incremental');
      for (const share of [steadiness, changed]) {
        expect(share).toBeGreaterThan(0);
        expect(share).toBeLessThanOrEqual(1);
      }
    }
  });

  it('a gate lets fewer pixels through, at a distance', () => {
    const [all, fewer] = [0, 40].map((gate) => compare(model, tiny, clip, {...exact, gate}).figures);
    expect(fewer.changed).toBeLessThan(all.changed);
    expect(fewer.distance).toBeGreaterThan(1e-4);
    expect(fewer.distance).toBeLessThan(0.3);
  });

  it('a calibration takes the place of gate and threshold', () => {
    const {distance} = compare(model, tiny, clip, {
      ...exact,
      gate: 40,
      calibration: {inputThreshold: 0},
    }).figures;
    expect(distance).toBeLessThan(1e-6);
  });

  it('shows frames with what changed in them, and calls back after each', () => {
    let calls = 0;
    const {snapshots} = compare(model, tiny, clip, exact, () => calls++);
    expect(calls).toBe(clip.length);
    expect(snapshots.map(({frame}) => frame)).toEqual([1, 2, 4, 5]);
    for (const {frame, picture, changed, dense, reuse} of snapshots) {
      expect(picture).toBe(clip[frame]);
      expect(changed.area).toBeGreaterThan(0);
      expect([dense.kind, reuse.kind]).toEqual(['mask', 'mask']);
    }
  });

  it('leaks no tensor', () => {
    const before = tf.memory().numTensors;
    compare(model, tiny, clip, exact);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses a clip of one frame, and options that reuse does not know', () => {
    expect(() => compare(model, tiny, clip.slice(0, 1), exact)).toThrow('two frames or more');
    const calibration = {speed: 11} as object;
    expect(() => compare(model, tiny, clip, {...exact, calibration})).toThrow("no 'speed'");
  });
});
