/**
 * The two plain shapes that regions are taken apart into. Data only: what makes and checks them is elsewhere.
 */

/** A rectangle of pixels: rows `y` to `y + height - 1`, columns `x` to `x + width - 1`. */
export interface Rect {
  readonly y: number;
  readonly x: number;
  readonly height: number;
  readonly width: number;
}

/** A run of pixels in one row: columns `x` to `x + length - 1` of row `y`. */
export interface Span {
  readonly y: number;
  readonly x: number;
  readonly length: number;
}
