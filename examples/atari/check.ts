/**
 * Whether a result with reuse is the model's own: within 1e-5 of the output's largest magnitude, or, where float32 itself
 * is that far off, within 4 times the distance of the model's result from float64.
 */
const TOLERANCE = 1e-5;
const TIMES_FLOAT32 = 4;

/** Of results that this library does not answer for. */
const CLOSE = 1e-4;

/** A frame whose result is wrong. */
export class Mismatch extends Error {
  override name = 'Mismatch';
}

/**
 * @param exactly the same output in float64; asked for only where the cheap check fails
 * @param where names the frame in the error
 * @returns the largest difference, relative to the output's largest magnitude
 * @throws Mismatch
 */
export function checkOutput(
  reuse: Float32Array,
  dense: Float32Array,
  exactly: () => Float64Array,
  where: string,
): number {
  if (reuse.length !== dense.length) {
    throw new Mismatch(`${where}: ${reuse.length} values with reuse, but ${dense.length} from the model.`);
  }
  const scale = largest(dense.map(Math.abs));
  const difference = distance(reuse, dense);
  // Written so that a NaN, which is within no bound, fails.
  if (difference <= TOLERANCE * scale) return difference / scale;
  const bound = TIMES_FLOAT32 * distance(dense, exactly());
  if (difference <= bound) return difference / scale;
  throw new Mismatch(
    `${where}: the result with reuse is ${difference.toExponential(2)} off the model's own, whose largest value is ` +
      `${scale.toPrecision(3)}. Allowed are ${(TOLERANCE * scale).toExponential(2)}, or ${bound.toExponential(2)}, ` +
      "4 times the model's distance from float64.",
  );
}

/**
 * Whether the result of somebody else's computation is that of the same network.
 * @throws Mismatch where it is more than 1e-4 of the output's largest magnitude off
 */
export function checkClose(values: Float32Array, dense: Float32Array, where: string): void {
  const bound = CLOSE * largest(dense.map(Math.abs));
  if (values.length === dense.length && distance(values, dense) <= bound) return;
  throw new Mismatch(
    `${where}: the result is off the model's own by more than ${CLOSE} of its largest magnitude.`,
  );
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return largest(Array.from(a, (value, i) => Math.abs(value - b[i])));
}

/** NaN if any value is. */
function largest(values: ArrayLike<number>): number {
  return Math.max(0, ...Array.from(values));
}
