export {
  IncrementalConv1D,
  IncrementalConv2D,
  IncrementalDepthwiseConv2D,
  IncrementalSeparableConv2D,
  Reuse,
  type IncrementalArgs,
} from './incremental';
export type {LayerShape, ReuseArgs} from './reuse-layer';
