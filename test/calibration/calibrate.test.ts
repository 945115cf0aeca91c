/** `model.calibrate`: from frames to options, judged on frames it has not seen. */
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {
  agreements,
  withReuse,
  type Agreement,
  type CalibrationOptions,
  type CalibrationProgress,
  type Outputs,
} from '../../src';
import {calibrate, checkOptions, type Calibratable, type RunnerOptions} from '../../src/calibration';
import {Clip} from '../../src/calibration/clip';
import {useBackend} from '../backends';
import {sidesInTurn, valuesOf} from '../promises/helpers';
import {cameraClip, cameraModel, tensorOf, wildClip} from './clip';
import {KEY_FRAMES, LEVEL, codedFilm, exactFilm} from './codec';

const quiet = {verbose: 0} as const;
/**
 * However busy the machine is, the model itself takes longest, and what was found is faster than exact reuse: what comes of
 * it then hangs on agreement and multiply-adds alone.
 */
function makeUpTime(model: LayersModel): void {
  let time = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => time++);
  const predict = model.predict.bind(model);
  jest.spyOn(model, 'predict').mockImplementation((...given) => {
    time += 1000;
    return predict(...given);
  });
  jest.spyOn(Clip.prototype, 'time').mockImplementation(async (all) => [3, 1, 2].slice(0, all.length));
}

const close: CalibrationOptions = {agreement: agreements.raw(), atLeast: 0.9, ...quiet};

describe.each(sidesInTurn(0))('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));
  afterEach(() => void jest.restoreAllMocks());

  test('a noisy clip is made cheap, what is found holds, and it works as options', async () => {
    const model = cameraModel();
    const clip = cameraClip(12, 0.02);
    const reuse = withReuse(model, {engine});
    let best = 1;
    const onProgress = ({macsShare}: CalibrationProgress) => void (best = macsShare);
    const found = await reuse.calibrate(clip, {...close, onProgress});
    const {report} = found;
    expect(report.agreement).toBeGreaterThanOrEqual(0.9);
    expect(report.frames).toEqual({search: 8, heldBack: 4});
    expect(Math.abs(report.noise - 0.02)).toBeLessThan(0.002);
    expect(best).toBeLessThan(0.8);
    expect(report.denseUnderNoise).toBeGreaterThan(0.9);
    expect(report.denseUnderNoise).toBeLessThan(1);
    // Each of the three is rounded.
    expect(report.speedUp / (report.denseMs / report.reuseMs)).toBeCloseTo(1, 2);

    const options = JSON.parse(JSON.stringify(found)) as typeof found;
    expect(options).toEqual(found);
    const calibrated = withReuse(model, {...options, engine, policy: 'incremental'});
    const shares: number[] = [];
    let agreement = 0;
    clip.forEach((frame, t) => {
      const outputs = calibrated.predict(frame);
      const dense = tf.tidy(() => model.predict(tensorOf(frame)));
      if (t >= 8) agreement += agreements.raw()(outputs, dense) / 4;
      if (t >= 8) shares.push(calibrated.lastFrame!.macs / calibrated.lastFrame!.denseMacs);
      tf.dispose([outputs as tf.Tensor, dense as tf.Tensor]);
    });
    if (report.gained) {
      expect(agreement).toBeCloseTo(report.agreement, 4);
      expect(shares.reduce((sum, share) => sum + share, 0) / 4).toBeCloseTo(report.macsShare, 3);
    }
    calibrated.dispose();
    reuse.dispose();
  });

  test('where everything changes nothing is gained, and the options are the exact ones', async () => {
    const reuse = withReuse(cameraModel(), {engine});
    const found = await reuse.calibrate(wildClip(6), {...close, atLeast: 0.999, gates: [0.01]});
    expect(found).toMatchObject({
      inputThreshold: 0,
      threshold: {nodes: {}},
      report: {gained: false},
    });
    expect(found.report.agreement).toBeCloseTo(1, 5);
    expect(found.report.macsShare).toBe(1);
    expect(found.report.notes.join()).toMatch(
      /does not make this model faster|none held that would leave work out/,
    );
    reuse.dispose();
  });

  test('the own stream goes on as if nothing had been, and no tensor is left', async () => {
    const model = cameraModel();
    const clip = cameraClip(6, 0.02);
    const [reuse, other] = [
      withReuse(model, {engine, policy: 'incremental'}),
      withReuse(model, {engine, policy: 'incremental'}),
    ];
    for (const one of [reuse, other]) valuesOf(one.predict(clip[0]));
    const before = tf.memory().numTensors;
    await reuse.calibrate(clip, close);
    expect(tf.memory().numTensors).toBe(before);
    expect(valuesOf(reuse.predict(clip[1]))).toEqual(valuesOf(other.predict(clip[1])));
    expect(reuse.lastFrame!.path).toBe('incremental');
    expect(reuse.lastFrame!.macs).toBe(other.lastFrame!.macs);
    reuse.dispose();
    other.dispose();
  });

  test('thresholds reach the vectors that gate a plane', async () => {
    const model = cameraModel({gated: true});
    makeUpTime(model);
    const reuse = withReuse(model, {engine});
    const clip = cameraClip(9, 0.02);
    let best = 1;
    const onProgress = ({macsShare}: CalibrationProgress) => void (best = macsShare);
    const {threshold} = await reuse.calibrate(clip, {...close, atLeast: 0.6, onProgress});
    const exact = withReuse(model, {engine, policy: 'incremental'});
    valuesOf(exact.predict(clip[0]));
    const {layers, denseMacs} = exact.lastFrame!;
    // A gate that moves changes all of what comes after it.
    const after = layers.filter(({name}) => name === 'third' || name === 'last');
    const share = after.reduce((sum, {macs}) => sum + macs, 0) / denseMacs;
    const names = Object.keys(threshold.nodes).join();
    if (backend === 'tensorflow' && engine === 'tfjs') {
      // There a pixel that stayed still counts as changed: a threshold pays nowhere, and none is set.
      expect(names).toBe('');
    } else {
      expect(best).toBeLessThan(0.8 * share);
      expect(names).toMatch(/squeeze|excite/);
    }
    exact.dispose();
    reuse.dispose();
  });
});

describe('on cpu', () => {
  beforeAll(() => useBackend('cpu'));

  const refused: [string, Partial<CalibrationOptions>, RegExp][] = [
    ['no agreement', {agreement: undefined}, /agreement must be a function/],
    ['too much asked', {atLeast: 1.5}, /atLeast.*got 1.5/],
    ['nothing held back', {heldBack: 0}, /heldBack.*got 0/],
    ['an agreement of NaN', {agreement: () => NaN}, /number from 0 to 1; for frame 1 it gave NaN/],
    ['an agreement above 1', {agreement: async () => 1.01}, /it gave 1.01/],
    [
      'an agreement that throws',
      {
        agreement: () => {
          throw new Error('no boxes');
        },
      },
      /agreement\(\) failed for frame 1: no boxes/,
    ],
    ['a gate below 0', {gates: [-1]}, /gates\[0\].*got -1/],
  ];

  test.each(refused)('%s is refused, and nothing is left', async (_what, options, message) => {
    const reuse = withReuse(cameraModel());
    const before = tf.memory().numTensors;
    await expect(reuse.calibrate(cameraClip(5, 0.02), {...close, ...options})).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
    reuse.dispose();
  });

  test('frames that do not fit are refused before anything runs', async () => {
    const reuse = withReuse(cameraModel());
    const agreement = jest.fn(() => 1);
    const refuses = (frames: Parameters<typeof reuse.calibrate>[0], message: RegExp) =>
      expect(reuse.calibrate(frames, {...close, agreement})).rejects.toThrow(message);
    await refuses(cameraClip(2, 0), /2 frames are too few/);
    await refuses(cameraClip(1, 0), /1 frame is too few/);
    await refuses([], /0 frames are too few/);
    await refuses([new Float32Array(3), new Float32Array(3)], /values a frame/);
    await refuses([new Float32Array(2 * 20 * 24 * 2)], /got a batch of 2/);
    await refuses(5 as never, /frames must be a list/);
    expect(agreement).not.toHaveBeenCalled();
    reuse.dispose();
  });

  test.each([NaN, -Infinity])('a frame that holds %s is named, whatever judges it', async (odd) => {
    const reuse = withReuse(cameraModel());
    const clip = cameraClip(6, 0.02);
    clip[5][17] = odd;
    for (const agreement of [agreements.raw(), () => NaN]) {
      await expect(reuse.calibrate(clip, {...close, agreement})).rejects.toThrow(
        new RegExp(`^calibrate: frames\\[5\\] holds ${odd}. Replace such values, or leave this frame out`),
      );
    }
    reuse.dispose();
  });

  test("so is one of which the model's own output does, where no agreement comes of it", async () => {
    const reuse = withReuse(cameraModel());
    const clip = cameraClip(6, 0.02);
    clip[5].fill(3e38);
    await expect(reuse.calibrate(clip, close)).rejects.toThrow(
      /^calibrate: the model's own output for frames\[5\] holds (NaN|-?Infinity), and agreement\(\) gave NaN/,
    );
    const {report} = await reuse.calibrate(clip, {...close, agreement: () => 1});
    expect(report.agreement).toBe(1);
    reuse.dispose();
  });

  test('a tensor of frames is as good as a list', async () => {
    const clip = cameraClip(6, 0.02);
    const all = tf.concat(clip.map(tensorOf));
    const reuse = withReuse(cameraModel());
    const before = tf.memory().numTensors;
    const searched = async (frames: typeof all | typeof clip) => {
      const shares: number[] = [];
      const onProgress = ({macsShare}: CalibrationProgress) => void shares.push(macsShare);
      await reuse.calibrate(frames, {...close, onProgress});
      expect(tf.memory().numTensors).toBe(before);
      return shares.slice(0, 40);
    };
    expect(await searched(all)).toEqual(await searched(clip));
    all.dispose();
    reuse.dispose();
  });

  test('progress comes run by run, ends at its total, and can be stopped', async () => {
    const reuse = withReuse(cameraModel());
    const seen: CalibrationProgress[] = [];
    await reuse.calibrate(cameraClip(6, 0.02), {...close, onProgress: (progress) => seen.push(progress)});
    expect(seen.map(({done}) => done)).toEqual(seen.map((_, i) => i + 1));
    expect(seen.every(({done, total}, i) => done <= total && total <= seen[Math.max(0, i - 1)].total)).toBe(
      true,
    );
    expect(seen.at(-1)).toMatchObject({stage: 'report', done: seen.length, total: seen.length});
    expect(new Set(seen.map(({stage}) => stage))).toEqual(
      new Set(['model', 'gate', 'thresholds', 'nodes', 'refinement', 'report']),
    );

    const stop = new AbortController();
    const before = tf.memory().numTensors;
    const reason = new Error('enough');
    const work = reuse.calibrate(cameraClip(6, 0.02), {
      ...close,
      signal: stop.signal,
      onProgress: ({done}) => void (done === 3 && stop.abort(reason)),
    });
    await expect(work).rejects.toBe(reason);
    expect(tf.memory().numTensors).toBe(before);
    reuse.dispose();
  });

  test('it prints how far it is, unless somebody listens', async () => {
    const print = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    const reuse = withReuse(cameraModel());
    const clip = cameraClip(5, 0.02);
    const {agreement, atLeast} = close;
    await reuse.calibrate(clip, {agreement, atLeast, onProgress: () => undefined});
    expect(print).not.toHaveBeenCalled();
    await reuse.calibrate(clip, {agreement, atLeast});
    expect(print.mock.calls.length).toBeGreaterThan(2);
    expect(print.mock.calls.length).toBeLessThan(13);
    expect(String(print.mock.calls.at(-1))).toMatch(/calibrate: 100 %/);
    print.mockRestore();
    reuse.dispose();
  });

  test('settings that do not hold on the frames held back are given up', async () => {
    const clip = cameraClip(9, 0.02);
    // Agrees with anything on the frames searched on, and on the others with exact results alone.
    const strict: Agreement = (reuse: Outputs, dense: Outputs) => {
      const distance = 1 - agreements.raw()(reuse, dense);
      const isHeldBack = heldBack.has(Math.round((dense as tf.Tensor).dataSync()[0] * 1e6));
      return isHeldBack && distance > 1e-4 ? 0 : 1;
    };
    const model = cameraModel();
    const keyOf = (frame: Float32Array) =>
      Math.round(valuesOf(tf.tidy(() => model.predict(tensorOf(frame))))[0] * 1e6);
    const heldBack = new Set(clip.slice(6).map(keyOf));
    const reuse = withReuse(model);
    const {report, ...settings} = await reuse.calibrate(clip, {...close, agreement: strict});
    expect(settings).toEqual({inputThreshold: 0, threshold: {nodes: {}}});
    expect(report.agreement).toBe(1);
    expect(report.notes.join()).toMatch(/not on all others/);
    reuse.dispose();
  });
});

describe('on decoded video', () => {
  beforeAll(() => useBackend('cpu'));
  afterEach(() => void jest.restoreAllMocks());

  const film = codedFilm(24);
  const seen = film.slice(0, 15);
  const says = /stand still to the bit.*decoded video.*another decoder/;

  test('the gate stays within what noise explains, however much is allowed, and the report says what was seen', async () => {
    const model = cameraModel();
    makeUpTime(model);
    const reuse = withReuse(model);
    const {inputThreshold, report} = await reuse.calibrate(seen, {...close, agreement: () => 1});
    const gate = typeof inputThreshold === 'number' ? inputThreshold : inputThreshold.value;
    expect(gate).toBeGreaterThan(LEVEL);
    expect(gate).toBeLessThan(16 * LEVEL);
    expect(report.gained).toBe(true);
    expect(report.noise).toBeGreaterThan(0.5 * LEVEL);
    expect(report.notes.join()).toMatch(says);
    reuse.dispose();
  });

  test('what is found holds on frames of the film that it did not see, key frames among them', async () => {
    const model = cameraModel();
    makeUpTime(model);
    const reuse = withReuse(model);
    const found = await reuse.calibrate(seen, {...close, atLeast: 0.97});
    expect(found.report.denseUnderNoise).toBeLessThan(1);
    const exact = withReuse(model, {policy: 'incremental'});
    const calibrated = withReuse(model, {...found, policy: 'incremental'});
    const unseen: number[] = [];
    let [macs, exactMacs] = [0, 0];
    film.forEach((frame, t) => {
      const outputs = calibrated.predict(frame) as tf.Tensor;
      const dense = exact.predict(frame) as tf.Tensor;
      if (t >= seen.length) {
        unseen.push(agreements.raw()(outputs, dense));
        macs += calibrated.lastFrame!.macs;
        exactMacs += exact.lastFrame!.macs;
      }
      tf.dispose([outputs, dense]);
    });
    expect(unseen.length).toBeGreaterThan(KEY_FRAMES);
    expect(unseen.reduce((sum, one) => sum + one, 0) / unseen.length).toBeGreaterThanOrEqual(0.97);
    expect(macs).toBeLessThan(0.7 * exactMacs);
    exact.dispose();
    calibrated.dispose();
    reuse.dispose();
  });

  test('a film that no codec went through has no gate, and nothing is said of one', async () => {
    const model = cameraModel();
    makeUpTime(model);
    const reuse = withReuse(model);
    const {inputThreshold, report} = await reuse.calibrate(exactFilm(9), {...close, agreement: () => 1});
    expect(inputThreshold).toBe(0);
    expect(report).toMatchObject({noise: 0, denseUnderNoise: 1});
    expect(report.notes.join()).not.toMatch(says);
    reuse.dispose();
  });
});

describe('with the policy that settings will be used with', () => {
  beforeAll(() => useBackend('cpu'));

  // Frames take as long as they say, however busy the machine is.
  let clock = 0;
  beforeAll(() => void jest.spyOn(performance, 'now').mockImplementation(() => clock));
  afterAll(() => void jest.restoreAllMocks());

  /** A model that agrees with itself as far as `agreementOf` says, the cheaper the coarser the gate is. */
  function modelThat(agreementOf: (options: RunnerOptions) => number, gatedMs = 1): Calibratable<number> {
    return {
      name: 'model',
      check: () => undefined,
      open: (options) => ({
        async predict() {
          const ms = options.policy === 'dense' ? 20 : gateIn(options) > 0 ? gatedMs : 10;
          clock += ms;
          return tf.scalar(options.policy === 'dense' ? 1 : agreementOf(options));
        },
        async work() {
          const path = options.policy === 'dense' ? 'dense' : 'incremental';
          return {path, macs: 0.95 - gateIn(options), denseMacs: 1};
        },
        graph: {nodes: [], values: [], weights: [], inputs: [], outputs: []},
        rms: async () => new Map(),
        dispose: () => undefined,
      }),
      read: async () => [{values: new Float32Array(4), shape: [1, 2, 2, 1], isWhole: false}],
      write: () => 0,
    };
  }

  const gateIn = ({inputThreshold = 0}: RunnerOptions) => inputThreshold as number;
  const asked = {...quiet, agreement: (reuse: Outputs) => (reuse as tf.Tensor).dataSync()[0], atLeast: 0.9};
  const clip = Array.from({length: 6}, (_, t) => t);

  test.each<[string, (options: RunnerOptions) => number, number]>([
    ['what holds there too is taken', () => 0.99, 0.5],
    [
      'what holds frame by frame alone is not',
      (options) => (options.policy === 'auto' && gateIn(options) > 0.3 ? 0.8 : 0.99),
      0.2,
    ],
    ['nothing is, where nothing holds', (options) => (options.policy === 'auto' ? 0.8 : 0.99), 0],
  ])('%s', async (_name, agreementOf, gate) => {
    const options = checkOptions({...asked, gates: [0.2, 0.5]});
    const found = await calibrate(modelThat(agreementOf), clip, options, () => undefined);
    expect(found.inputThreshold).toBe(gate);
    expect(found.report.gained).toBe(true);
  });

  test('what one gate alone does not hold is said', async () => {
    const agreementOf = (options: RunnerOptions) => (options.policy === 'auto' ? 0.8 : 0.99);
    const options = checkOptions({...asked, gates: [0.5]});
    const found = await calibrate(modelThat(agreementOf), clip, options, () => undefined);
    expect(found.inputThreshold).toBe(0);
    expect(found.report.notes.join()).toMatch(/not on all others/);
  });

  test.each([15, 30])(
    'a gate with which a frame takes %i ms, of 20 and of 10 exactly, is left out',
    async (ms) => {
      const options = checkOptions({...asked, gates: [0.2, 0.5]});
      const found = await calibrate(
        modelThat(() => 0.99, ms),
        clip,
        options,
        () => undefined,
      );
      expect(found.inputThreshold).toBe(0);
      expect(found.report).toMatchObject({gained: true, agreement: expect.closeTo(0.99)});
      expect(found.report.notes.join()).toMatch(/Exact reuse is as fast here/);
    },
  );
});
