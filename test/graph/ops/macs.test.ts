/** The multiply-adds that an op counts for a region, and what a dense layer and an external op are affected by. */
import {LINEAR, planeOfShape, definitionOf, type Op} from '../../../src/graph';
import {Region} from '../../../src/region';

describe('multiply-adds', () => {
  const plane = planeOfShape([6, 5, 3]);
  const form = {shape: [6, 5, 3], plane};
  const window = {kernel: [3, 2], strides: [1, 1], dilations: [1, 1], padding: 'same'} as const;
  const region = Region.fromRects(6, 5, [{y: 1, x: 1, height: 2, width: 2}]);

  test('of a convolution are those of its affected outputs', () => {
    const op: Op = {kind: 'conv2d', filters: 4, window, activation: LINEAR, batchNormEpsilon: null};
    expect(
      definitionOf(op).macs(op, [form], {shape: [6, 5, 4], plane: planeOfShape([6, 5, 4])}, [region], region),
    ).toBe(4 * 6 * 3 * 4);
  });

  test('of a depthwise convolution have one input channel each', () => {
    const op: Op = {
      kind: 'depthwiseConv2d',
      depthMultiplier: 2,
      window,
      activation: LINEAR,
      batchNormEpsilon: null,
    };
    expect(
      definitionOf(op).macs(op, [form], {shape: [6, 5, 6], plane: planeOfShape([6, 5, 6])}, [region], region),
    ).toBe(4 * 6 * 6);
  });

  test('of a transposed convolution are those of the taps that meet an output, on average', () => {
    const op: Op = {
      kind: 'conv2dTranspose',
      filters: 5,
      kernel: [4, 4],
      strides: [2, 2],
      pad: {top: 1, left: 1},
      size: [12, 10],
      activation: LINEAR,
    };
    const output = {shape: [12, 10, 5], plane: planeOfShape([12, 10, 5])};
    const macs = definitionOf(op).macs(op, [form], output, [Region.full(6, 5)], Region.full(12, 10));
    expect(macs).toBe(12 * 10 * 4 * 3 * 5);
  });

  test('of a dense layer are those of its changed inputs', () => {
    const op: Op = {kind: 'dense', units: 7, activation: LINEAR};
    const flat = {shape: [90], plane};
    const output = {shape: [7], plane: planeOfShape([7])};
    const affected = definitionOf(op).affected(op, [flat], output, [region]);
    expect(affected.area).toBe(1);
    expect(definitionOf(op).macs(op, [flat], output, [region], affected)).toBe(4 * 3 * 7);
    expect(definitionOf(op).affected(op, [flat], output, [Region.empty(6, 5)]).isEmpty).toBe(true);
  });

  test('an external op is affected as a whole, or not at all', () => {
    const op: Op = {
      kind: 'external',
      label: 'L',
      pure: true,
      rowwise: true,
      batched: true,
      forms: [],
      apply: () => [],
    };
    expect(definitionOf(op).affected(op, [form], form, [region]).area).toBe(30);
    expect(definitionOf(op).affected(op, [form], form, [Region.empty(6, 5)]).isEmpty).toBe(true);
  });
});
