export {
  IncrementalConv1D,
  IncrementalConv2D,
  IncrementalDepthwiseConv2D,
  IncrementalSeparableConv2D,
  Reuse,
} from './incremental';
export type {ReuseArgs} from './reuse-layer';
