/** Back through layer normalization. */
import {momentsOf, ownLanes, toLast} from './moments';

// @ts-ignore: decorator
@inline
function add(to: usize, value: f64): void {
  store<f32>(to, <f32>(<f64>load<f32>(to) + value));
}

/**
 * The listed pixels, from rows of `pitch` floats: to gamma, to beta, and to the input, whose gradient lies `gOffset` bytes from it.
 * With y the normalized pixel and g its gradient: (g − mean of g − y × mean of g × y) / √(variance + epsilon).
 * @call sources n gOffset d toGamma toBeta
 */
export function layerNormalizeGradient(
  sources: usize,
  n: i32,
  channels: i32,
  gamma: usize,
  epsilon: f32,
  gOffset: i32,
  needsInput: i32,
  d: usize,
  pitch: i32,
  toGamma: usize,
  toBeta: usize,
): void {
  const bytes = (<usize>channels) << 2;
  const last = toLast(channels);
  const mask = ownLanes(channels);
  for (let i = 0; i < n; i++, sources += 4, d += (<usize>pitch) << 2) {
    const pixel: usize = load<u32>(sources);
    const moments = momentsOf(pixel, channels, last, mask, epsilon);
    const mean = <f64>f32x4.extract_lane(moments, 0) + <f64>f32x4.extract_lane(moments, 1);
    const inverse = <f64>f32x4.extract_lane(moments, 2);
    let sum: f64 = 0;
    let products: f64 = 0;
    for (let c: usize = 0; c < bytes; c += 4) {
      const y = (<f64>load<f32>(pixel + c) - mean) * inverse;
      const delta = <f64>load<f32>(d + c);
      add(toGamma + c, delta * y);
      add(toBeta + c, delta);
      const g = delta * <f64>load<f32>(gamma + c);
      sum += g;
      products += g * y;
    }
    if (!needsInput) continue;
    for (let c: usize = 0; c < bytes; c += 4) {
      const y = (<f64>load<f32>(pixel + c) - mean) * inverse;
      const g = <f64>load<f32>(d + c) * <f64>load<f32>(gamma + c);
      add(pixel + gOffset + c, (g - (sum + y * products) / channels) * inverse);
    }
  }
}
