/** Attributes as tfjs reads them; those that are not as TensorFlow writes them are refused. */
import {Attributes} from '../../../src/importers/graph/attributes';
import {encode} from './tf-graph';

const attributes = new Attributes({
  padding: encode('SAME') as never,
  codes: {s: [83, 65, 77, 69]},
  epsilon: {f: 0.25},
  fraction: {f: '0.5'},
  power: {i: '1e9'},
  spaced: {i: ' 2 '},
  infinite: {f: 'Infinity'},
  count: {i: '7'},
  negative: {i: '-7'},
  zero: {i: 0},
  both: {i: '1', f: 0.5},
  flag: {b: true},
  word: {b: 'false' as never},
  T: {type: 'DT_FLOAT'},
  byNumber: {type: 1},
  strides: encode([1, 2, 3, 1]) as never,
  floats: {list: {f: [2, '3']}},
  fractions: {list: {f: [0.5]}},
  powers: {list: {i: ['1', '1e9']}},
  two: {list: {i: ['1'], f: [2]}},
  fused: encode(['BiasAdd', 'Relu']) as never,
  empty: {list: {}},
  nothing: {},
});

test('text in base64 and as char codes', () => {
  expect(attributes.string('padding')).toBe('SAME');
  expect(attributes.string('codes')).toBe('SAME');
  expect(attributes.string('missing', 'NHWC')).toBe('NHWC');
});

test('numbers, as JSON or as text of digits', () => {
  expect(attributes.number('epsilon', 1)).toBe(0.25);
  expect(attributes.number('count', 1)).toBe(7);
  expect(attributes.number('negative')).toBe(-7);
  expect(attributes.number('zero', 1)).toBe(0);
  expect(attributes.number('missing', 3)).toBe(3);
  expect(attributes.integer('count')).toBe(7);
});

test('of two numbers the whole one, of two lists the other', () => {
  expect(attributes.number('both')).toBe(1);
  expect(attributes.integers('two')).toEqual([2]);
});

test('flags and dtypes', () => {
  expect(attributes.boolean('flag')).toBe(true);
  expect(attributes.boolean('missing', false)).toBe(false);
  expect(attributes.boolean('missing', true)).toBe(true);
  expect(attributes.type('T')).toBe('DT_FLOAT');
});

test('lists', () => {
  expect(attributes.integers('strides')).toEqual([1, 2, 3, 1]);
  expect(attributes.integers('floats')).toEqual([2, 3]);
  expect(attributes.strings('fused')).toEqual(['BiasAdd', 'Relu']);
  expect(attributes.integers('empty')).toEqual([]);
  expect(attributes.strings('missing', [])).toEqual([]);
});

test('some changed, the others as they were', () => {
  const changed = attributes.with({padding: 'EXPLICIT', strides: [1, 1]});
  expect(changed.string('padding')).toBe('EXPLICIT');
  expect(changed.integers('strides')).toEqual([1, 1]);
  expect(changed.number('count', 0)).toBe(7);
  expect(attributes.string('padding')).toBe('SAME');
});

test.each<[string, (all: Attributes) => unknown]>([
  ['padding', (all) => all.number('padding', 1)],
  ['fraction', (all) => all.number('fraction', 1)],
  ['power', (all) => all.integer('power', 1)],
  ['spaced', (all) => all.number('spaced', 1)],
  ['infinite', (all) => all.number('infinite', 1)],
  ['epsilon', (all) => all.integer('epsilon', 1)],
  ['word', (all) => all.boolean('word', false)],
  ['count', (all) => all.string('count', 'SAME')],
  ['byNumber', (all) => all.type('byNumber')],
  ['fractions', (all) => all.integers('fractions', [])],
  ['powers', (all) => all.integers('powers', [])],
  ['count', (all) => all.integers('count', [])],
  ['nothing', (all) => all.number('nothing', 1)],
  ['nothing', (all) => all.integers('nothing', [])],
  ['nothing', (all) => all.strings('nothing', [])],
  ['missing', (all) => all.integers('missing')],
  ['missing', (all) => all.string('missing')],
  ['constructor', (all) => all.integers('constructor')],
])('%s is refused where it is another thing, whatever the default', (name, read) => {
  expect(() => read(attributes)).toThrow(new RegExp(`'${name}' is not what this op takes`));
});
