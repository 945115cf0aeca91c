/** Shapes, and how the pixels of a value lie in its memory. Arithmetic alone; what a graph is made of is in types.ts. */

/** A shape without its batch axis. */
export type Shape = readonly number[];

/**
 * How the pixels of a value lie in its memory: `height × width` pixels of `channels` values each, row-major.
 * Regions of the value are regions of this plane. A flattened image keeps the plane of the image.
 */
export interface Plane {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** The number of scalars in a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** Rank 3 is an image, rank 2 a row of pixels (H = 1), rank 1 a single pixel; higher ranks fold into the height. */
export function planeOfShape(shape: Shape): Plane {
  if (shape.length === 0) return {height: 1, width: 1, channels: 1};
  const channels = shape[shape.length - 1];
  const width = shape.length > 1 ? shape[shape.length - 2] : 1;
  return {height: sizeOf(shape.slice(0, -2)), width, channels};
}

export function samePlane(a: Plane, b: Plane): boolean {
  return a.height === b.height && a.width === b.width && a.channels === b.channels;
}
