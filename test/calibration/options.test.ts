/** The options of a calibration, of the measures that come along, and of what a calibration gave: told by type. */
import * as tf from '@tensorflow/tfjs-core';
import {agreements, withReuse, type Calibration, type CalibrationOptions, type Outputs} from '../../src';
import {checkOptions} from '../../src/calibration';
import {useBackend} from '../backends';
import {scene, smallModel} from '../promises/helpers';

const good: CalibrationOptions = {agreement: () => 1, atLeast: 0.9};

test.each<[string, unknown, RegExp]>([
  ['none', undefined, /options must be an object like \{agreement, atLeast\}; got undefined/],
  ['null', null, /options must be an object.*got null/],
  ['an agreement alone', () => 1, /options must be an object.*got a function/],
  ['no agreement', {atLeast: 0.9}, /agreement must be a function.*got undefined/],
  ['the name of one', {...good, agreement: 'raw'}, /agreement must be a function.*got 'raw'/],
  ['no least', {agreement: () => 1}, /atLeast must be a number from 0 to 1; got undefined/],
  ['a least in text', {...good, atLeast: '0.9'}, /atLeast must be.*got '0.9'/],
  ['a least of null', {...good, atLeast: null}, /atLeast must be.*got null/],
  ['a least of NaN', {...good, atLeast: NaN}, /atLeast must be.*got NaN/],
  ['a least in per cent', {...good, atLeast: 90}, /atLeast must be.*got 90/],
  ['all held back', {...good, heldBack: 1}, /heldBack must be a number above 0 and below 1; got 1/],
  ['a share in text', {...good, heldBack: '0.3'}, /heldBack must be.*got '0.3'/],
  ['a share of null', {...good, heldBack: null}, /heldBack must be.*got null/],
  [
    'a gate of Infinity',
    {...good, gates: [0.1, Infinity]},
    /gates\[1\] must be a number of at least 0; got Infinity/,
  ],
  ['a gate of NaN', {...good, gates: [NaN]}, /gates\[0\] must be.*got NaN/],
  ['a gate of null', {...good, gates: [null]}, /gates\[0\] must be.*got null/],
  ['a gate in text', {...good, gates: ['1']}, /gates\[0\] must be.*got '1'/],
  ['a hole for a gate', {...good, gates: new Array(1)}, /gates\[0\] must be.*got undefined/],
  [
    'half a neighbour',
    {...good, gates: [{value: 1, neighbours: 0.5}]},
    /gates\[0\].neighbours must be.*got 0.5/,
  ],
  ['an endless value', {...good, gates: [{value: Infinity}]}, /gates\[0\].value must be.*got Infinity/],
  ['one gate', {...good, gates: 0.1}, /gates must be an array of gates; got 0.1/],
  ['one output', {...good, outputs: 'head'}, /outputs must be an array of strings; got 'head'/],
  ['numbers of outputs', {...good, outputs: [0]}, /outputs must be an array of strings; got \[0\]/],
  [
    'a controller',
    {...good, signal: new AbortController()},
    /signal must be an AbortSignal.*got an AbortController/,
  ],
  ['no function', {...good, onProgress: true}, /onProgress must be a function; got true/],
  ['a flag', {...good, verbose: true}, /verbose must be one of 0, 1; got true/],
  ['a misspelt name', {...good, atleast: 1}, /has no 'atleast'.*Did you mean 'atLeast'/],
])('%s: refused', (_what, options, message) => {
  expect(() => checkOptions(options as CalibrationOptions)).toThrow(message);
});

test('what is left out has its default', () => {
  expect(checkOptions(good)).toMatchObject({heldBack: 1 / 3, verbose: 1});
  expect(checkOptions({...good, onProgress: () => undefined})).toMatchObject({verbose: 0});
  expect(checkOptions({...good, gates: [0, {value: 0.1, neighbours: 2, grow: 1}]}).gates).toHaveLength(2);
});

describe('on cpu', () => {
  beforeAll(() => useBackend('cpu'));

  const frames = Array.from({length: 4}, (_, t) => scene(t));

  test('a calibration without options, and of frames that are none', async () => {
    const reuse = withReuse(smallModel());
    await expect(reuse.calibrate(frames, undefined as never)).rejects.toThrow(
      /options must be an object.*got undefined/,
    );
    const refuses = (given: unknown, message: RegExp) =>
      expect(reuse.calibrate(given as never, good)).rejects.toThrow(message);
    await refuses(undefined, /frames must be a list.*got undefined/);
    await refuses(null, /frames must be a list.*got null/);
    await refuses(scene(), /frames must be a list.*got a Float32Array of 144/);
    await refuses(new Array(4), /got undefined/);
    await refuses([...frames, null], /calibrate: frames\[4\]: .*got null/);
    reuse.dispose();
  });

  test.each<[unknown, string]>([
    ['1', "'1'"],
    [true, 'true'],
    [null, 'null'],
    [undefined, 'undefined'],
    [[1], '[1]'],
    [-0.1, '-0.1'],
    [Promise.resolve('1'), "'1'"],
  ])('an agreement of %p is refused', async (value, shown) => {
    const reuse = withReuse(smallModel());
    const options = {...good, agreement: () => value as number, verbose: 0} as const;
    const message = `agreement() must give a number from 0 to 1; for frame 1 it gave ${shown}.`;
    await expect(reuse.calibrate(frames, options)).rejects.toThrow(message);
    reuse.dispose();
  });

  test.each<[object, RegExp]>([
    [{atLeast: '0.9'}, /atLeast must be a number from 0 to 1; got '0.9'/],
    [{gates: [Infinity]}, /gates\[0\] must be a number of at least 0; got Infinity/],
  ])('a calibration with %p is refused', async (options, message) => {
    const reuse = withReuse(smallModel());
    const given = {...good, verbose: 0, ...options} as CalibrationOptions;
    await expect(reuse.calibrate(frames, given)).rejects.toThrow(message);
    reuse.dispose();
  });

  test('measures look at their options at once, and at what a decoder gives', () => {
    const decode = () => [];
    const make: [() => unknown, RegExp][] = [
      [
        () => agreements.detections(undefined as never),
        /detections: options must be an object.*got undefined/,
      ],
      [
        () => agreements.detections({} as never),
        /detections: options.decode must be a function; got undefined/,
      ],
      [
        () => agreements.detections({decode, score: '0.3' as never}),
        /options.score must be a number; got '0.3'/,
      ],
      [() => agreements.detections({decode, iuo: 0.5} as never), /has no 'iuo'.*Did you mean 'iou'/],
      [
        () => agreements.keypoints({decode, within: null as never}),
        /options.within must be a number; got null/,
      ],
      [() => agreements.masks(null as never), /masks: options must be an object.*got null/],
      [() => agreements.masks({threshold: NaN}), /options.threshold must be a number; got NaN/],
    ];
    for (const [work, message] of make) expect(work).toThrow(message);
    tf.tidy(() => {
      const mask = tf.ones([4]);
      const measure = agreements.masks({decode: (outputs: Outputs) => outputs as never});
      expect(() => measure(mask, mask)).toThrow(
        /decode\(\) must give an array, or a tensor's dataSync\(\); got a Tensor/,
      );
    });
  });
});

test('a calibration that lost its numbers on the way through JSON is refused', () => {
  const report = {} as Calibration['report'];
  const through = (calibration: object) =>
    JSON.parse(JSON.stringify({...calibration, report})) as Calibration;
  const refuses = (calibration: object, message: RegExp) =>
    expect(() => withReuse(smallModel(), through(calibration))).toThrow(message);
  refuses({inputThreshold: Infinity, threshold: {nodes: {}}}, /inputThreshold must be.*got null/);
  refuses({inputThreshold: {value: NaN}, threshold: {nodes: {}}}, /inputThreshold.value must be.*got null/);
  refuses({inputThreshold: 0, threshold: {nodes: {first: Infinity}}}, /nodes\['first'\] must be.*got null/);
  const kept = withReuse(smallModel(), through({inputThreshold: 0.1, threshold: {nodes: {first: 0.1}}}));
  kept.dispose();
});
