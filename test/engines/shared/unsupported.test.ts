/** Filters for another number of channels than the input has are left to the model, which says what is wrong. */
import {unsupportedByKernels} from '../../../src/engines/shared/unsupported';
import {GraphBuilder, LINEAR, type Op, type Shape} from '../../../src/graph';

const window = {kernel: [1, 2], strides: [1, 1], dilations: [1, 1], padding: 'valid'} as const;
const activated = {activation: LINEAR, batchNormEpsilon: null};

function reasonFor(op: Op, filter: Shape): string | null {
  const builder = new GraphBuilder();
  const values = () => new Float32Array();
  const weights = {filter: builder.weight({name: 'filter', shape: filter, values})};
  return unsupportedByKernels(
    builder.build(builder.node(op, [builder.input('x', [4, 5, 3])], {name: 'y', weights})),
  );
}

test.each<[string, Op, Shape, Shape]>([
  ['conv2d', {kind: 'conv2d', filters: 7, window, ...activated}, [1, 2, 3, 7], [1, 2, 7, 3]],
  [
    'depthwiseConv2d',
    {kind: 'depthwiseConv2d', depthMultiplier: 7, window, ...activated},
    [1, 2, 3, 7],
    [1, 2, 7, 3],
  ],
  [
    'conv2dTranspose',
    {
      kind: 'conv2dTranspose',
      ...{filters: 7, kernel: [1, 2], strides: [1, 1], pad: {top: 0, left: 0}, size: [4, 6]},
      activation: LINEAR,
    },
    [1, 2, 7, 3],
    [1, 2, 3, 7],
  ],
])('%s', (_kind, op, fitting, unfit) => {
  expect(reasonFor(op, fitting)).toBeNull();
  expect(reasonFor(op, unfit)).toBe("the filter of 'y' is for another number of channels");
});
