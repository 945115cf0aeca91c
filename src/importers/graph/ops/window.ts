/** Windows and paddings as the attributes of a node have them. */
import type {Shape, WindowConfig} from '../../../graph';
import {imageOrder, spatial, type NodeUse} from '../use';
import {isFused} from './fused';

/** The window of a convolution; null for paddings and dilations that tfjs itself rejects. */
export function windowOf(use: NodeUse, [kh, kw]: Shape): WindowConfig | null {
  const {attributes} = use;
  const strides = spatial(attributes.integers('strides'));
  const dilations = spatial(attributes.integers('dilations', isFused(use) ? [1, 1, 1, 1] : undefined));
  if (strides.some((side) => side > 1) && dilations.some((side) => side > 1)) return null;
  const padding = paddingOf(use);
  return padding && {kernel: [kh, kw], strides, dilations, padding};
}

export function paddingOf(use: NodeUse): WindowConfig['padding'] | null {
  switch (use.attributes.string('padding')) {
    case 'SAME':
      return 'same';
    case 'VALID':
      return 'valid';
    case 'EXPLICIT': {
      const pairs = use.attributes.integers('explicit_paddings');
      const order = imageOrder(use);
      if (pairs.length !== 8) return null;
      const along = (axis: number): [number, number] => {
        const at = 2 * order.indexOf(axis);
        return [pairs[at], pairs[at + 1]];
      };
      return [along(1), along(2)];
    }
    default:
      return null;
  }
}
