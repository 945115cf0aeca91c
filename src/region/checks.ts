/**
 * The checks that several files of this room make on their arguments. They throw or they are silent; they never
 * repair a value.
 */
import {shown} from '../checks';
import type {Rect} from './shapes';

interface Plane {
  readonly height: number;
  readonly width: number;
}

/** Throws a RangeError unless `value` is an integer of at least `least`. `what` names it in the message. */
export function requireInteger(what: string, value: unknown, least = -Infinity): void {
  if (Number.isInteger(value) && (value as number) >= least) return;
  const expected =
    least === 1 ? 'a positive integer' : least === 0 ? 'an integer of 0 or more' : 'an integer';
  throw new RangeError(`${what} must be ${expected}, but is ${shown(value)}.`);
}

/** Throws a RangeError unless `value` is a number of 0 or more. */
export function requireNotNegative(what: string, value: unknown): void {
  if (typeof value === 'number' && value >= 0) return;
  throw new RangeError(`${what} must be a number of 0 or more, but is ${shown(value)}.`);
}

/** Throws a TypeError unless `value` is an object. `expected` says of which kind. */
export function requireObject(what: string, value: unknown, expected: string): void {
  if (typeof value === 'object' && value !== null) return;
  throw new TypeError(`${what} must be ${expected}, but is ${shown(value)}.`);
}

/** Throws a RangeError unless `height` and `width` are positive integers. `who` names the caller in the message. */
export function requirePlane(who: string, height: unknown, width: unknown): void {
  requireInteger(`${who}: height`, height, 1);
  requireInteger(`${who}: width`, width, 1);
}

/** Throws a RangeError unless both planes are of one size. `who` names the caller in the message. */
export function requireSamePlane(who: string, a: Plane, b: Plane): void {
  if (a.height === b.height && a.width === b.width) return;
  throw new RangeError(
    `${who}: expected two regions of one plane, but they are ${a.height}×${a.width} and ${b.height}×${b.width}.`,
  );
}

/**
 * Throws a RangeError unless the rectangle's fields are integers of 0 or more and it lies in the plane; a TypeError where
 * it is no object at all.
 */
export function requireRect(what: string, rect: Rect, {height, width}: Plane): void {
  requireObject(what, rect, '{y, x, height, width}');
  for (const field of ['y', 'x', 'height', 'width'] as const)
    requireInteger(`${what}: ${field}`, rect[field], 0);
  if (rect.y + rect.height <= height && rect.x + rect.width <= width) return;
  throw new RangeError(
    `${what} (y ${rect.y}, x ${rect.x}, height ${rect.height}, width ${rect.width}) reaches past the ` +
      `${height}×${width} plane. Expected y + height <= ${height} and x + width <= ${width}; clip it to the plane first.`,
  );
}
