/** What errors say of what came, which names are taken for which, and which values pass. */
import {
  flag,
  func,
  isPlainObject,
  noneMisspelt,
  numeric,
  object,
  oneOf,
  onlyKnown,
  shown,
  texts,
} from '../../src/checks';

class Box {
  readonly side = 1;
}

test.each<[unknown, string]>([
  [undefined, 'undefined'],
  [null, 'null'],
  [true, 'true'],
  [-0.5, '-0.5'],
  [NaN, 'NaN'],
  [10n, '10'],
  ['false', "'false'"],
  ['x'.repeat(100), `'${'x'.repeat(60)}…'`],
  [Symbol('a'), 'a symbol'],
  [() => 1, 'a function'],
  [[], 'an array of 0'],
  [[1, '2', null], "[1, '2', null]"],
  [new Array(2), '[undefined, undefined]'],
  [[[1]], 'an array of 1'],
  [new Array(9).fill(1), 'an array of 9'],
  [{}, '{}'],
  [{a: 1, b: 2}, '{a, b}'],
  [{a: 1, b: 2, c: 3, d: 4, e: 5, f: 6}, '{a, b, c, d, e, …}'],
  [Object.create(null), '{}'],
  [new Box(), 'a Box'],
  [new Set(), 'a Set'],
  [new Error('no'), 'an Error'],
  [new Uint8Array(3), 'a Uint8Array of 3'],
  [new Int8Array(3), 'an Int8Array of 3'],
  [new DataView(new ArrayBuffer(1)), 'a DataView'],
  [Promise.resolve(), 'a Promise, which has to be awaited first'],
  [Object.create({constructor: null}), 'an Object'],
])('%p is shown as %s', (x, expected) => expect(shown(x)).toBe(expected));

test('a plain object is one written in braces', () => {
  for (const x of [{}, {a: 1}, Object.create(null), JSON.parse('{"__proto__": 1}')])
    expect(isPlainObject(x)).toBe(true);
  for (const x of [null, 1, 'a', [], new Box(), new Map(), new Date(), () => 1, new Uint8Array(1)])
    expect(isPlainObject(x)).toBe(false);
});

test.each([
  ['comit', 'commit'],
  ['Commit', 'commit'],
  ['commti', 'commit'],
  ['committed', 'commit'],
  ['comm', 'commit'],
  ['change', 'changed'],
  ['changes', 'changed'],
  ['CHANGED', 'changed'],
  ['hanged', 'changed'],
])("'%s' is taken for '%s'", (name, meant) => {
  const ours = ['changed', 'commit'];
  expect(() => noneMisspelt('options', {[name]: 1}, ours)).toThrow(
    `options has no '${name}'. Did you mean '${meant}'?`,
  );
  expect(() => onlyKnown('options', {[name]: 1}, ours)).toThrow(`Did you mean '${meant}'?`);
});

test.each([
  'batchSize',
  'verbose',
  'foo',
  'training',
  'com',
  '',
  'constructor',
  '__proto__',
  'toString',
  'channels',
])("'%s' is taken for none of ours", (name) => {
  const given = JSON.parse(JSON.stringify({[name]: 1})) as object;
  expect(() => noneMisspelt('options', given, ['changed', 'commit'])).not.toThrow();
  expect(() => onlyKnown('options', given, ['changed', 'commit'])).toThrow();
});

test('names of others may look like ours', () => {
  expect(() => noneMisspelt('options', {commits: 1}, ['commit'], ['commits'])).not.toThrow();
});

test('values pass as they are, or not at all', () => {
  expect(flag('a', false)).toBe(false);
  expect(numeric('a', 0, {least: 0})).toBe(0);
  expect(numeric('a', Infinity, {orInfinity: true})).toBe(Infinity);
  expect(oneOf('a', 0, [0, 1])).toBe(0);
  expect(texts('a', [])).toEqual([]);
  expect(func('a', shown)).toBe(shown);
  const options = {a: 1};
  expect(object('a', options, '{a}')).toBe(options);
});

test.each<[() => unknown, string]>([
  [() => flag('a', 0), 'a must be true or false; got 0.'],
  [() => flag('a', null), 'a must be true or false; got null.'],
  [() => numeric('a', '1', {}), "a must be a number; got '1'."],
  [() => numeric('a', NaN, {}), 'a must be a number; got NaN.'],
  [() => numeric('a', Infinity, {}), 'a must be a number; got Infinity.'],
  [() => numeric('a', -Infinity, {orInfinity: true}), 'a must be a number; got -Infinity.'],
  [() => numeric('a', -1, {least: 0}), 'a must be a number of at least 0; got -1.'],
  [() => numeric('a', 9, {least: 0, most: 8}), 'a must be a number from 0 to 8; got 9.'],
  [() => numeric('a', 0, {above: 0}), 'a must be a number above 0; got 0.'],
  [() => numeric('a', 1, {above: 0, below: 1}), 'a must be a number above 0 and below 1; got 1.'],
  [() => numeric('a', 0.5, {least: 0, whole: true}), 'a must be a whole number of at least 0; got 0.5.'],
  [() => numeric('a', new Number(1), {}), 'a must be a number; got a Number.'],
  [() => oneOf('a', '0', [0, 1]), "a must be one of 0, 1; got '0'."],
  [() => oneOf('a', undefined, ['b']), "a must be one of 'b'; got undefined."],
  [() => texts('a', 'abc'), "a must be an array of strings; got 'abc'."],
  [() => texts('a', ['a', 1]), "a must be an array of strings; got ['a', 1]."],
  [() => texts('a', new Array(1)), 'a must be an array of strings; got [undefined].'],
  [() => func('a', {}), 'a must be a function; got {}.'],
  [() => object('a', [], '{b}'), 'a must be an object like {b}; got an array of 0.'],
  [() => object('a', null, '{b}'), 'a must be an object like {b}; got null.'],
])('%s', (work, message) => expect(work).toThrow(new Error(message)));
