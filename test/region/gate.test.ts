/** Which of the pixels that moved count as changed, against plain loops over neighbours. */
import fc from 'fast-check';
import {gateOf, isOpen, passGate, Region, type Gate} from '../../src/region';
import {masks, strayBits, toRegion, valuesOf, type Mask} from './reference';
import {sample} from '../scale';

/** The pixels around (y, x) that lie in the plane. */
function around({height, width}: Mask, y: number, x: number): number[] {
  const found: number[] = [];
  for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
    for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
      if (row !== y || column !== x) found.push(row * width + column);
    }
  }
  return found;
}

function each(mask: Mask, rule: (set: boolean, neighbours: number[]) => boolean): Mask {
  const values = mask.values.map((value, i) => {
    const near = around(mask, Math.floor(i / mask.width), i % mask.width).map((at) => mask.values[at]);
    return Number(rule(value === 1, near));
  });
  return {...mask, values};
}

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);

/** The rules as the documentation has them. */
function expected(mask: Mask, {neighbours, grow}: Gate): Mask {
  let result = each(mask, (set, near) => set && sum(near) >= Math.min(neighbours, near.length));
  for (let i = 0; i < grow; i++) result = each(result, (set, near) => set || sum(near) > 0);
  return result;
}

const gates = fc.record({value: fc.constant(0), neighbours: fc.nat(8), grow: fc.nat(3)});

test('pixels pass that are not alone, and what is near them', () => {
  fc.assert(
    fc.property(masks, gates, (mask, gate) => {
      const passed = passGate(toRegion(mask), gate);
      expect(valuesOf(passed)).toEqual(expected(mask, gate).values);
      expect(strayBits(passed)).toBe(0);
    }),
    sample({short: 100, ci: 400, long: 400}),
  );
});

test('a lone pixel never passes, a pair does, and a plane of one pixel always', () => {
  const gate = gateOf({value: 0, neighbours: 1});
  expect(passGate(Region.fromMask(3, 3, [0, 0, 0, 0, 1, 0, 0, 0, 0]), gate).isEmpty).toBe(true);
  expect(passGate(Region.fromMask(3, 3, [0, 0, 0, 0, 1, 0, 0, 0, 1]), gate).area).toBe(2);
  expect(passGate(Region.full(1, 1), gateOf({value: 0, neighbours: 8})).area).toBe(1);
});

test('a number is a gate without conditions, and 0 is none', () => {
  expect(gateOf(0.5)).toEqual({value: 0.5, neighbours: 0, grow: 0});
  expect(gateOf({value: 2, grow: 1})).toEqual({value: 2, neighbours: 0, grow: 1});
  expect([gateOf(0), gateOf({value: 0, neighbours: 1}), gateOf(1)].map(isOpen)).toEqual([true, false, false]);
});
