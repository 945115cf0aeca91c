/**
 * What `conv2d` and `depthwiseConv2d` have in common. A 1-D convolution is one with H = 1.
 *
 * Weights: `filter` (whose first axis may be missing in 1-D), `bias` [out], where a batch norm was folded in, `gamma`, `beta`,
 * `mean`, `variance` [out], and, applied after all these, `scale` and `shift` [out]: (conv + bias) · scale + shift.
 */
import type {Activation} from './activation';
import type {WindowConfig} from './window';

export interface Convolution {
  readonly window: WindowConfig;
  readonly activation: Activation;
  /** Epsilon of the batch norm folded into filter and bias; null where there is none. */
  readonly batchNormEpsilon: number | null;
}
