/** Which columns have to change for a convolution to recompute spans of a given length. Arithmetic alone. */

export interface Columns {
  readonly x: number;
  readonly width: number;
}

/** Where spans begin: off the boundaries of machine words, as most do. */
const START = 21;

/**
 * Columns of the input whose change affects `span` columns of the output, one beside the other, for a kernel without
 * padding. A change away from the plane's edge affects as many columns as the kernel is wide, so shorter spans lie at
 * the left edge, where the kernel does not fit to the left of the change.
 */
export function changedColumns(span: number, kernel: number): Columns {
  if (span < kernel) return {x: 0, width: span};
  return {x: START + kernel - 1, width: span - kernel + 1};
}
