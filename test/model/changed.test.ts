/** A caller's word on what changed: what says it, whose it stays, and what is refused because it says nothing. */
import * as tf from '@tensorflow/tfjs-core';
import {Region, withReuse, type Changed, type PredictOptions} from '../../src';
import {useBackend} from '../backends';
import {expectClose, plain, scene, SIZE, smallModel, tensorOf, valuesOf} from '../promises/helpers';
import {SHAPE, small} from '../promises/small-graph';

const RECT = {y: 2, x: 3, height: 1, width: 1};
const AT = 2 * (9 * RECT.y + RECT.x);
const region = () => Region.fromRects(8, 9, [RECT]);

/** A region as another installed copy of the package makes it: of another class, known by its brand, and read by its methods. */
function foreign({height, width, toMask}: Region = region()): Region {
  const mask = toMask.call(region());
  class Region {
    readonly height = height;
    readonly width = width;
    toMask() {
      return mask;
    }
  }
  Object.defineProperty(Region.prototype, Symbol.for('tfjs-reuse.Region'), {value: true});
  return new Region() as never;
}

beforeAll(() => useBackend('cpu'));

describe('what says it', () => {
  test.each<[string, () => unknown]>([
    ['a region', region],
    ['a region of another copy of the package', foreign],
    ['rectangles', () => [RECT]],
    ['a map of a region', () => ({first_input: region()})],
    ['a map of a region of another copy', () => ({first_input: foreign()})],
    ['a map of rectangles', () => ({first_input: [RECT]})],
    ['a list of one frame: a region', () => [region()]],
    ['a list of one frame: a region of the other copy', () => [foreign()]],
    ['a list of one frame: rectangles', () => [[RECT]]],
    ['a list of one frame: a map', () => [{first_input: [RECT]}]],
    ['a map without a prototype', () => Object.assign(Object.create(null) as object, {first_input: [RECT]})],
  ])('%s', async (_what, changed) => {
    const model = smallModel();
    const frame = scene();
    const reuse = withReuse(model, {policy: 'incremental', verify: true});
    tf.dispose(reuse.predict(frame));
    for (const ask of [
      (options: PredictOptions) => reuse.predict(frame, options),
      (options: PredictOptions) => reuse.predictAsync(frame, options),
    ]) {
      frame[AT] += 1;
      expectClose(valuesOf(await ask({changed: changed() as Region})), plain(model, frame));
      expect(reuse.lastFrame?.changed).toBe(1 / 72);
    }
    reuse.dispose();
  });

  test.each<[string, () => unknown]>([
    ['no rectangles', () => []],
    ['an empty region', () => Region.empty(8, 9)],
    ['a map of no names', () => ({})],
    ['a list of one frame without rectangles', () => [[]]],
  ])('nothing changed: %s', (_what, changed) => {
    const reuse = withReuse(smallModel(), {policy: 'incremental'});
    const first = valuesOf(reuse.predict(scene(1)));
    expect(valuesOf(reuse.predict(scene(2), {changed: changed() as Region}))).toEqual(first);
    reuse.dispose();
  });

  test('undefined says nothing: frames are compared', () => {
    const model = smallModel();
    const reuse = withReuse(model, {policy: 'incremental'});
    tf.dispose(reuse.predict(scene(1)));
    expectClose(valuesOf(reuse.predict(scene(2), {changed: undefined})), plain(model, scene(2)));
    reuse.dispose();
  });

  test('for several frames, one entry each, of any form', () => {
    const model = smallModel();
    const reuse = withReuse(model, {policy: 'incremental', verify: true});
    const frames = scene(1, 3 * SIZE);
    tf.dispose(reuse.predict(scene(7)));
    const changed = [
      Region.full(8, 9),
      [{y: 0, x: 0, height: 8, width: 9}],
      {first_input: Region.full(8, 9)},
    ];
    expectClose(valuesOf(reuse.predict(tensorOf(frames, 3), {changed})), plain(model, frames, 3));
    reuse.dispose();
  });
});

const sparse = new Array<never>(1);

describe('what does not is refused, and the frame with it', () => {
  test.each<[string, unknown, RegExp]>([
    ['true', true, /'changed' must be a Region, a list of rectangles.*got true/],
    ['false', false, /got false/],
    ['1', 1, /got 1/],
    ['0', 0, /got 0/],
    ['a string', 'all', /got 'all'/],
    ['null', null, /got null. Leave it out to have frames compared/],
    ['a Set', new Set([RECT]), /got a Set/],
    ['a Map', new Map([['first_input', [RECT]]]), /got a Map/],
    ['a Promise', Promise.resolve([RECT]), /got a Promise, which has to be awaited first/],
    ['a Date', new Date(), /got a Date/],
    ['an empty Uint8Array', new Uint8Array(0), /got a Uint8Array of 0/],
    ['a mask', new Uint8Array(72), /got a Uint8Array of 72/],
    ['an ArrayBuffer', new ArrayBuffer(8), /got an ArrayBuffer/],
    ['a function', () => [RECT], /got a function/],
    [
      'an instance of a class',
      new (class Box {
        readonly all = true;
      })(),
      /got a Box/,
    ],
    ['a regular expression', /x/, /got a RegExp/],
    ['a rectangle outside of a list', RECT, /got \{y, x, height, width\}. Put a rectangle in a list/],
    ['a list of null', [null], /rectangle 0 must be \{y, x, height, width\}, but is null/],
    ['a list with a hole', sparse, /rectangle 0 must be.*but is undefined/],
    ['a list of numbers', [1, 2], /rectangle 0 must be.*but is 1/],
    ['a rectangle of text', [{...RECT, x: '3'}], /x must be an integer of 0 or more, but is '3'/],
    ['half a pixel', [{...RECT, x: 0.5}], /x must be an integer of 0 or more, but is 0.5/],
    ['a rectangle that lacks a side', [{y: 0, x: 0, height: 1}], /width must be.*but is undefined/],
    [
      'a rectangle outside of the plane',
      [{...RECT, x: 9}],
      /input 'first_input'.*reaches past the 8×9 plane/,
    ],
    ['a rectangle and a region', [RECT, Region.empty(8, 9)], /rectangle 1: y must be.*but is undefined/],
    ['frames that do not come', [[RECT], [RECT]], /For 1 frame .*list of 1.*got an array of 2/],
    ['a region of another plane', Region.empty(9, 8), /9 × 8 pixels.*has 8 × 9/],
    ['an unknown name', {second_input: []}, /names an input 'second_input'; there are first_input/],
    ['a name that every object has', {constructor: []}, /names an input 'constructor'/],
    [
      'a rectangle in words of its own',
      {top: 0, left: 0},
      /names an input 'top'; there are first_input. A rectangle is \{y, x, height, width\}/,
    ],
    ['such a one in a list', [{top: 0, left: 0}], /A rectangle is \{y, x, height, width\}/],
    ['true for an input', {first_input: true}, /'changed' of input 'first_input' must be.*got true/],
    ['null for an input', {first_input: null}, /'changed' of input 'first_input' must be.*got null/],
    ['undefined for an input', {first_input: undefined}, /'changed' of input 'first_input'.*got undefined/],
    ['a mask for an input', {first_input: new Uint8Array(72)}, /got a Uint8Array of 72/],
  ])('%s', async (_what, changed, message) => {
    const model = smallModel();
    const reuse = withReuse(model, {policy: 'incremental'});
    tf.dispose(reuse.predict(scene(1)));
    const options = {changed} as PredictOptions;
    expect(() => reuse.predict(scene(2), options)).toThrow(message);
    await expect(reuse.predictAsync(scene(2), options)).rejects.toThrow(message);
    expectClose(valuesOf(reuse.predict(scene(2))), plain(model, scene(2)));
    expect(reuse.lastFrame?.path).toBe('incremental');
    reuse.dispose();
  });

  test.each<[string, unknown, RegExp]>([
    [
      'rectangles',
      [RECT, RECT, RECT],
      /For 3 frames.*list of 3.*got a list that holds \{y, x, height, width\}/,
    ],
    ['null among them', [[RECT], null, []], /got a list that holds null/],
    ['a hole among them', [[], , []], /got a list that holds undefined/], // eslint-disable-line no-sparse-arrays
    ['a region for all', Region.full(8, 9), /For 3 frames.*got a Region/],
    ['too few', [[RECT], []], /For 3 frames.*got an array of 2/],
    ['true', true, /For 3 frames.*got true/],
  ])('for three frames: %s', (_what, changed, message) => {
    const reuse = withReuse(smallModel(), {policy: 'incremental'});
    const frames = tensorOf(scene(1, 3 * SIZE), 3);
    expect(() => reuse.predict(frames, {changed} as PredictOptions)).toThrow(message);
    reuse.dispose();
  });

  test('an input named twice, by names that it answers to', async () => {
    const reuse = withReuse(await small().load());
    const changed = {x: [], 'x:0': [RECT]};
    expect(() => reuse.predict(tf.zeros(SHAPE), {changed})).toThrow(
      /names input 'x' twice, as 'x' and as 'x:0'/,
    );
    reuse.dispose();
  });
});

describe('it stays what it was when it was said', () => {
  test('one region, refilled for each frame that the model takes', () => {
    const model = smallModel();
    const reuse = withReuse(model, {policy: 'incremental'});
    const frame = scene();
    tf.dispose(reuse.predict(frame));
    const changed = region();
    frame[AT] += 1;
    // On a gradient tape the model computes, and the cache only hears what changed.
    const {value} = tf.valueAndGrad((x: tf.Tensor) => tf.sum(reuse.predict(x, {changed}) as tf.Tensor))(
      tensorOf(frame),
    );
    value.dispose();
    changed.clear().add(0, 0, 1);
    frame[0] += 1;
    expectClose(valuesOf(reuse.predict(frame, {changed})), plain(model, frame));
    reuse.dispose();
  });

  test.each<[string, () => Changed, (changed: never) => void]>([
    ['a region', region, (changed: Region) => void changed.clear()],
    ['rectangles', () => [RECT], (changed: object[]) => void changed.pop()],
    ['options', region, () => undefined],
  ])('%s, while a frame is under way', async (_what, make, spoil) => {
    const model = smallModel();
    const reuse = withReuse(model, {policy: 'incremental'});
    const frame = scene();
    tf.dispose(reuse.predict(frame));
    frame[AT] += 1;
    const options: PredictOptions = {changed: make()};
    const work = reuse.predictAsync(frame, options);
    spoil(options.changed as never);
    options.changed = [];
    expectClose(valuesOf(await work), plain(model, frame));
    reuse.dispose();
  });
});
