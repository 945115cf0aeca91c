/** The largest of many values, and where they are: in falling order, of equal ones the first first. */

/** Whether any of 16 values is above the bar. */
// @ts-ignore: decorator
@inline
function anyAbove(at: usize, bar: v128): bool {
  const a = v128.or(f32x4.gt(v128.load(at), bar), f32x4.gt(v128.load(at, 16), bar));
  const b = v128.or(f32x4.gt(v128.load(at, 32), bar), f32x4.gt(v128.load(at, 48), bar));
  return v128.any_true(v128.or(a, b));
}

/** Values from `at` on that cannot be among the largest, in steps of 16. */
// @ts-ignore: decorator
@inline
function skip(at: usize, end: usize, least: f32): usize {
  // Nothing is above what is not a number, and any number is to take its place.
  if (least === least) {
    const bar = f32x4.splat(least);
    while (at + 64 <= end && !anyAbove(at, bar)) at += 64;
  }
  return at;
}

/** Puts a value where it belongs among `held` others; the last one falls out where there are k already. */
function insert(value: f32, index: i32, held: i32, k: i32, values: usize, indices: usize): void {
  let low = 0, high = held;
  while (low < high) {
    const middle = (low + high) >>> 1;
    // What is not a number comes last.
    if (load<f32>(values + ((middle as usize) << 2)) >= value || value !== value) low = middle + 1;
    else high = middle;
  }
  const at = (low as usize) << 2;
  const moved = ((min(held, k - 1) - low) as usize) << 2;
  memory.copy(values + at + 4, values + at, moved);
  memory.copy(indices + at + 4, indices + at, moved);
  store<f32>(values + at, value);
  store<i32>(indices + at, index);
}

/**
 * The k largest of `rows` rows of `length` values, `rowBytes` apart, numbered one row after the other.
 * @param values k float32; @param indices k int32
 */
export function topValues(
  from: usize, rows: i32, length: i32, rowBytes: i32, k: i32, values: usize, indices: usize,
): void {
  let held = 0;
  for (let y = 0; y < rows; y++, from += rowBytes) {
    const end = from + ((length as usize) << 2);
    for (let at = from; at < end; at += 4) {
      if (held === k) {
        const least = load<f32>(values + (((k - 1) as usize) << 2));
        at = skip(at, end, least);
        if (at === end) break;
        const value = load<f32>(at);
        // What is not a number gives way to any number.
        if (!(value > least) && !(least !== least && value === value)) continue;
      }
      insert(load<f32>(at), y * length + (((at - from) >>> 2) as i32), held, k, values, indices);
      held = min(held + 1, k);
    }
  }
}
