/** What does not fit the ops of graph models is refused, with what they expect. */
import {GraphBuilder, LINEAR, type Op, type Shape} from '../../../src/graph';

describe('what does not fit is refused', () => {
  const refused = (op: Op, shape: Shape = [4, 5, 6]) =>
    expect(() => {
      const builder = new GraphBuilder();
      builder.node(op, [builder.input('x', shape)], {name: 'y'});
    });
  const resize = {kind: 'resize2d', size: [2, 3], alignCorners: false, halfPixelCenters: false} as const;
  const transpose = {
    kind: 'conv2dTranspose',
    filters: 1,
    kernel: [2, 2],
    strides: [1, 1],
    pad: {top: 0, left: 0},
    size: [5, 6],
    activation: LINEAR,
  } as const;

  test.each<[string, Op, Shape, RegExp]>([
    ['a size of nothing', {...resize, size: [0, 3]}, [4, 5, 6], /expected a size of positive integers/],
    ['both flags', {...resize, alignCorners: true, halfPixelCenters: true}, [4, 5, 6], /not both/],
    ['rows of pixels to resize', resize, [5, 6], /resize2d: expected an input of shape/],
    ['rows past the end', {kind: 'gather2d', rows: [4], columns: [0], fill: 0}, [4, 5, 6], /`rows`.* got 4/],
    ['no columns', {kind: 'gather2d', rows: [0], columns: [], fill: 0}, [4, 5, 6], /`columns`.* got none/],
    ['channels past the last', {kind: 'sliceChannels', begin: 4, size: 3}, [4, 5, 6], /no 3 channels from 4/],
    ['a block that does not fit', {kind: 'depthToSpace', block: 2}, [4, 5, 6], /6 channels, got 2/],
    ['padding below 0', {...transpose, pad: {top: -1, left: 0}}, [4, 5, 6], /"top":-1/],
  ])('%s', (_name, op, shape, message) => refused(op, shape).toThrow(message));
});
