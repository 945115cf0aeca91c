/** How large the values of a plane are. */

/** Adds the squares of 2 floats, the low ones of a vector, to 2 sums. */
// @ts-ignore: decorator
@inline
function addSquares(values: v128, sums: usize): void {
  const wide = f64x2.promote_low_f32x4(values);
  v128.store(sums, f64x2.add(v128.load(sums), f64x2.mul(wide, wide)));
}

/** The sum of the squares of each channel, float64, pixel after pixel. */
export function sumSquares(at: usize, rowBytes: i32, height: i32, width: i32, channels: i32, sums: usize): void {
  memory.fill(sums, 0, (channels as usize) << 3);
  for (let y = 0; y < height; y++, at += rowBytes) {
    let pixel = at;
    for (let x = 0; x < width; x++) {
      let to = sums;
      let c = 0;
      for (; c + 2 <= channels; c += 2, pixel += 8, to += 16) addSquares(v128.load64_zero(pixel), to);
      if (c < channels) {
        const value = <f64>load<f32>(pixel);
        store<f64>(to, load<f64>(to) + value * value);
        pixel += 4;
      }
    }
  }
}
