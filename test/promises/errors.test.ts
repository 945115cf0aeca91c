/** A bad input is refused before anything is changed, with an error that names what is wrong and what was expected. */
import * as tf from '@tensorflow/tfjs-core';
import {input, layers, model as modelOf, sequential, type SymbolicTensor} from '@tensorflow/tfjs-layers';
import {Region, withReuse, type CalibrationOptions, type PredictInput, type PredictOptions} from '../../src';
import {backends, useBackend} from '../backends';
import {expectClose, plain, poke, scene, SHAPE, sides, SIZE, smallModel, tensorOf, valuesOf} from './helpers';

const RECT = {y: 0, x: 0, height: 1, width: 1};
const picture = (width: number, height: number, channels = 4) => ({
  data: new Uint8Array(width * height * channels),
  width,
  height,
});

function disposed(): tf.Tensor {
  const x = tensorOf(scene());
  x.dispose();
  return x;
}

const cases: [string, () => unknown, PredictOptions, RegExp][] = [
  [
    'a wrong rank',
    () => tf.zeros([8, 9, 2]),
    {},
    /Expected rank 4 \(\[\?, 8, 9, 2\]\).*got \[8, 9, 2\].*batch axis/,
  ],
  ['a wrong shape', () => tf.zeros([1, 9, 8, 2]), {}, /Expected shape \[\?, 8, 9, 2\].*got \[1, 9, 8, 2\]/],
  ['no frames', () => tf.zeros([0, 8, 9, 2]), {}, /at least one frame.*got \[0, 8, 9, 2\]/],
  ['a disposed tensor', disposed, {}, /is disposed/],
  ['an unknown name', () => ({nobody: scene()}), {}, /has no input 'nobody'; it has 'first_input'/],
  ['no name', () => ({}), {}, /no 'first_input'/],
  ['too many inputs', () => [scene(), scene()], {}, /has 1 input\(s\).*list of 2/],
  [
    'too short an array',
    () => scene(1, SIZE - 1),
    {},
    new RegExp(`Expected ${SIZE} values.*got ${SIZE - 1}`),
  ],
  ['too long an array', () => scene(1, SIZE + 1), {}, new RegExp(`Expected ${SIZE} values.*got ${SIZE + 1}`)],
  ['a picture of another size', () => picture(8, 9), {}, /\[\?, 8, 9, 2\].*9 × 8 pixels with 4 channels/],
  ['a picture of too few channels', () => picture(9, 8, 1), {}, /8 × 9 pixels with 1 channels/],
  [
    'a picture that lacks values',
    () => ({...picture(9, 8), data: new Uint8Array(9 * 8 * 4 - 1)}),
    {},
    /a picture of 8 × 9 pixels with 287 values, which is no whole number of channels/,
  ],
  [
    'a picture without a height',
    () => ({data: scene(), width: 9}),
    {},
    /A picture is \{data, width, height\}/,
  ],
  [
    'an input that is undefined',
    () => ({first_input: undefined}),
    {},
    /given no 'first_input'; what came: nothing/,
  ],
  ['a number', () => 5, {}, /takes a tensor, a typed array.*got 5/],
  ['nothing', () => undefined, {}, /takes a tensor, a typed array.*got undefined/],
  ['a list of numbers', () => [5], {}, /a plain array of numbers; pass tf.tensor/],
  ['a rectangle outside', scene, {changed: [{...RECT, x: 9}]}, /8.*9|outside|beyond/],
  ['a region of another plane', scene, {changed: Region.empty(9, 8)}, /9 × 8 pixels.*has 8 × 9/],
  ['a region for an unknown input', scene, {changed: {nobody: []}}, /names an input 'nobody'.*first_input/],
  ['a misspelt option', scene, {comit: false} as PredictOptions, /has no 'comit'. Did you mean 'commit'/],
  [
    'an option in capitals',
    scene,
    {Changed: []} as PredictOptions,
    /has no 'Changed'. Did you mean 'changed'/,
  ],
  ['an option cut short', scene, {change: []} as PredictOptions, /has no 'change'. Did you mean 'changed'/],
  ['an option that goes on', scene, {committed: true} as PredictOptions, /Did you mean 'commit'/],
  [
    "withReuse()'s option",
    scene,
    {threshold: 1} as PredictOptions,
    /'threshold' is an option of withReuse\(\)/,
  ],
  [
    "'false' for a flag",
    scene,
    {commit: 'false' as never},
    /predict: commit must be true or false; got 'false'/,
  ],
  ['0 for a flag', scene, {commit: 0 as never}, /commit must be true or false; got 0/],
  ['null for a flag', scene, {commit: null as never}, /commit must be true or false; got null/],
  [
    'a region for options',
    scene,
    Region.empty(8, 9) as PredictOptions,
    /options must be an object like.*got a Region/,
  ],
  [
    'rectangles for options',
    scene,
    [] as PredictOptions,
    /options must be an object like.*got an array of 0/,
  ],
  ['a list for options', scene, [RECT] as PredictOptions, /options must be an object like/],
  [
    'batches of none',
    scene,
    {batchSize: 0},
    /predict: batchSize must be a whole number of at least 1; got 0/,
  ],
  ['batches of text', scene, {batchSize: '8' as never}, /predict: batchSize must be.*got '8'/],
  ['too long a list', scene, {changed: [[RECT], [RECT]]}, /list/],
  [
    'too short a list',
    () => tensorOf(scene(1, 3 * SIZE), 3),
    {changed: [[RECT], []]},
    /For 3 frames.*a list of 3/,
  ],
];

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test.each(cases)('%s', (_what, make, options, message) => {
    const model = smallModel();
    const reuse = withReuse(model, {policy: 'incremental'});
    const frame = scene();
    tf.tidy(() => {
      tf.dispose(reuse.predict(frame));
      const before = {bytes: reuse.cache.bytes, tensors: tf.memory().numTensors};
      const bad = make() as PredictInput;
      const own = tf.memory().numTensors;
      expect(() => reuse.predict(bad, options)).toThrow(message);
      expect(tf.memory().numTensors).toBe(own);
      expect(reuse.cache.bytes).toBe(before.bytes);
      expectClose(valuesOf(reuse.predict(poke(frame, 1))), plain(model, frame));
      expect(reuse.lastFrame?.path).toBe('incremental');
    });
    reuse.dispose();
  });

  test('predictAsync refuses the same, as a rejection', async () => {
    const reuse = withReuse(smallModel(), {policy: 'incremental'});
    await expect(reuse.predictAsync(scene(1, 5))).rejects.toThrow(/Expected 144 values/);
    await expect(reuse.predictAsync(scene(), {changed: Region.empty(9, 8)})).rejects.toThrow(/9 × 8 pixels/);
    expect(valuesOf(reuse.predict(scene()))).toHaveLength(4);
    reuse.dispose();
  });

  test('a model of two inputs names them', () => {
    const [a, b] = ['a', 'b'].map((name) => input({shape: [4, 4, 1], name}));
    const model = modelOf({inputs: [a, b], outputs: layers.add().apply([a, b]) as SymbolicTensor});
    const reuse = withReuse(model, {policy: 'incremental'});
    const frame = scene(1, 16);
    expect(() => reuse.predict(frame)).toThrow(/2 inputs \('a', 'b'\)/);
    expect(() => reuse.predict([frame])).toThrow(/2 input\(s\).*list of 1/);
    expect(() => reuse.predict({a: frame})).toThrow(/no 'b'; what came: a/);
    expect(() => reuse.predict({a: frame, b: frame.slice(1)})).toThrow(/input 'b'.*got 15/);
    expect(() => reuse.predict([frame, scene(1, 32)])).toThrow(/same number of frames; got 1, 2/);
    expect(() => reuse.predict([frame, frame], {changed: []})).toThrow(/map by name \(a, b\)/);
    expectClose(
      valuesOf(reuse.predict({a: frame, b: frame})),
      frame.map((value) => 2 * value),
    );
    frame[3] = 1;
    const [y, x] = [0, 3];
    expectClose(
      valuesOf(reuse.predict({a: frame, b: frame}, {changed: {a: [{...RECT, y, x}], b: [{...RECT, y, x}]}})),
      frame.map((value) => 2 * value),
    );
    reuse.dispose();
  });
});

test.each<[object, RegExp]>([
  [null as never, /withReuse: options must be an object.*got null/],
  ['fast' as never, /withReuse: options must be an object.*got 'fast'/],
  [[] as never, /withReuse: options must be an object.*got an array of 0/],
  [new Map(), /withReuse: options must be an object.*got a Map/],
  [{engine: 'cuda'}, /engine must be one of 'auto'.*got 'cuda'/],
  [{engine: null}, /engine must be one of.*got null/],
  [{policy: 'always'}, /policy must be one of.*got 'always'/],
  [{policy: null}, /policy must be one of.*got null/],
  [{batch: 'rows'}, /batch must be one of 'time', 'streams'; got 'rows'/],
  [{batch: null}, /batch must be one of.*got null/],
  [{verify: 'false'}, /verify must be true or false; got 'false'/],
  [{verify: 0}, /verify must be true or false; got 0/],
  [{verify: null}, /verify must be true or false; got null/],
  [{report: 37}, /report must be an object.*got 37/],
  [{inputThreshold: '1'}, /inputThreshold must be a number of at least 0; got '1'/],
  [{inputThreshold: null}, /inputThreshold.*got null/],
  [{inputThreshold: Infinity}, /inputThreshold.*got Infinity/],
  [{inputThreshold: [1]}, /inputThreshold.*got \[1\]/],
  [{inputThreshold: {value: null}}, /inputThreshold.value.*got null/],
  [{inputThreshold: {value: Infinity}}, /inputThreshold.value.*got Infinity/],
  [{inputThreshold: {value: 1, neighbours: null}}, /neighbours.*got null/],
  [{inputThreshold: {value: 1, neighbours: '2'}}, /neighbours.*got '2'/],
  [{inputThreshold: {value: 1, grow: Infinity}}, /grow.*got Infinity/],
  [{inputThreshold: -1}, /inputThreshold must be a number of at least 0; got -1/],
  [{inputThreshold: NaN}, /inputThreshold.*got NaN/],
  [{inputThreshold: {value: -1}}, /inputThreshold.value must be a number of at least 0; got -1/],
  [{inputThreshold: {}}, /inputThreshold.value.*got/],
  [{inputThreshold: {value: 1, neighbours: 9}}, /inputThreshold.neighbours.*from 0 to 8; got 9/],
  [{inputThreshold: {value: 1, grow: 0.5}}, /inputThreshold.grow.*of at least 0; got 0.5/],
  [{inputThreshold: {value: 1, neighbors: 1}}, /inputThreshold has no 'neighbors'/],
  [{inputThreshold: {value: 1, grow: 1}, verify: true}, /'verify'.*grow: 0/],
  [{threshold: {relative: 0.1, rms: [1, -1]}}, /threshold.rms.*one a channel; got \[1, -1\]/],
  [{threshold: -0.5}, /threshold must be.*got -0.5/],
  [{threshold: {relative: -1}}, /threshold.relative.*got -1/],
  [{threshold: {default: -1}}, /threshold.default.*got -1/],
  [{threshold: {nodes: {first: -2}}}, /threshold.nodes\['first'\].*got -2/],
  [{threshold: {first: 0.5}}, /'first'.*Thresholds by a layer's name go into 'nodes'/],
  [{threshold: '1'}, /threshold must be.*got '1'/],
  [{threshold: null}, /threshold must be.*got null/],
  [{threshold: true}, /threshold must be.*got true/],
  [{threshold: Infinity}, /threshold must be.*got Infinity/],
  [{threshold: [1]}, /threshold must be.*got \[1\]/],
  [{threshold: {relative: '1'}}, /threshold.relative.*got '1'/],
  [{threshold: {relative: 1, rms: 1}}, /threshold.rms.*got 1/],
  [{threshold: {relative: 1, rms: null}}, /threshold.rms.*got null/],
  [{threshold: {default: null}}, /threshold.default.*got null/],
  [{threshold: {nodes: null}}, /threshold.nodes must be an object.*got null/],
  [{threshold: {nodes: [1]}}, /threshold.nodes must be an object.*got \[1\]/],
  [{threshold: {nodes: new Map([['first', 1]])}}, /threshold.nodes must be an object.*got a Map/],
  [{threshold: {nodes: {first: null}}}, /threshold.nodes\['first'\].*got null/],
  [{threshold: {nodes: {first: '1'}}}, /threshold.nodes\['first'\].*got '1'/],
  [{maxBytes: '1e6'}, /maxBytes.*got '1e6'/],
  [{maxBytes: null}, /maxBytes.*got null/],
  [{maxBytes: NaN}, /maxBytes.*got NaN/],
  [{maxBytes: -1}, /maxBytes.*got -1/],
  [{inputTreshold: 1}, /no 'inputTreshold'.*Did you mean 'inputThreshold'/],
])('options %p are refused', (options, message) => {
  expect(() => withReuse(smallModel(), options)).toThrow(message);
});

test('options of other calls are refused likewise', async () => {
  const reuse = withReuse(smallModel());
  expect(() => reuse.record({maxBites: 1} as object)).toThrow(/has no 'maxBites'.*Did you mean 'maxBytes'/);
  for (const maxBytes of [0, -1, NaN, '5', null])
    expect(() => reuse.record({maxBytes} as object)).toThrow(/maxBytes must be a number above 0; got/);
  const report = (options: unknown) => expect(reuse.report(options as object)).rejects;
  await report({time: true}).toThrow(/report\(\): options has no 'time'.*Did you mean 'times'/);
  await report({times: 'no'}).toThrow(/report\(\): times must be true or false; got 'no'/);
  await report(null).toThrow(/report\(\): options must be an object.*got null/);
  expect(() => reuse.record(5 as never)).toThrow(/record\(\): options must be an object.*got 5/);
  const calibration = reuse.calibrate([], {agreement: () => 1, atLeast: 1, gate: 1} as CalibrationOptions);
  await expect(calibration).rejects.toThrow(/calibrate: options has no 'gate'/);
  reuse.dispose();
});

test("what tfjs's own predict takes may be passed on, and what is nobody's, as tfjs does", () => {
  const reuse = withReuse(smallModel());
  const others = [
    {batchSize: 8, verbose: false},
    {batchSize: undefined, verbose: true},
    {foo: 1},
    {toString: 1, constructor: 2},
    JSON.parse('{"__proto__": 1}') as object,
    Object.create(null) as object,
    null,
  ];
  for (const options of others)
    expect(valuesOf(reuse.predict(scene(), options as PredictOptions))).toHaveLength(4);
  reuse.dispose();
});

test("policy 'dense' has no variants, and says why", () => {
  const reuse = withReuse(smallModel(), {policy: 'dense'});
  tf.dispose(reuse.predict(scene()));
  expect(() => reuse.predict(scene(), {commit: false})).toThrow(/policy 'dense' fills none/);
  reuse.dispose();
});

test('the webgpu engine is refused where the backend is another', () => {
  const reuse = withReuse(smallModel(), {engine: 'webgpu'});
  expect(() => reuse.predict(scene())).toThrow(
    /webgpu engine cannot run this model: it computes where tensors of tfjs's webgpu backend lie, and the backend is '\w+'/,
  );
});

test('an engine that cannot run a model says in the words of users why', () => {
  const whole = layers.inputLayer({inputShape: [...SHAPE], dtype: 'int32', name: 'pixels'});
  const model = sequential({layers: [whole, layers.conv2d({filters: 1, kernelSize: 3})]});
  const reuse = withReuse(model, {engine: 'wasm'});
  expect(() => reuse.predict(new Int32Array(SIZE))).toThrow(/'pixels' holds int32 values.* float32 ones/);
});

test('a threshold for a node that the model does not have is refused at its first frame', () => {
  const reuse = withReuse(smallModel(), {threshold: {nodes: {third: 1}}});
  expect(() => reuse.predict(scene())).toThrow(/names 'third'.*it has first, second/);
});

test.each(sides)(
  'a scale of another number of channels is refused on $backend, $engine',
  async ({backend, engine}) => {
    await useBackend(backend);
    const threshold = {nodes: {first: {relative: 0.1, rms: [1, 2, 3]}}};
    const reuse = withReuse(smallModel(), {engine, threshold});
    expect(() => reuse.predict(scene())).toThrow(/'first' has an rms of 3 values.*has 4 channels/);
  },
);
