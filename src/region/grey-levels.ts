/** Gates in the unit that people think in: grey levels of a picture, of which there are 255 from black to white. */
import {shown} from '../checks';
import {requireNotNegative} from './checks';

/** What black and white, 0 and 255 in a picture, are at a model's input. */
export type GreyRange = readonly [black: number, white: number];

const LEVELS = 255;
/** How far an input of 32-bit floats may be off by its rounding, in shares of its largest value: a few roundings. */
const ROUNDING = 2 ** -20;

/**
 * So many grey levels of a picture, of 255, in the units of a model's input: a number for `inputThreshold`, or for its `value`.
 * A pixel that moved by just so many levels stays within it, however its value was rounded to 32 bits.
 *
 * @param levels they need not be whole. 0 is 0, which compares bits
 * @param range what 0 and 255 become at the input: `[0, 255]`, `[0, 1]`, `[-1, 1]`. Where channels differ, as after normalising
 *   by a mean and a standard deviation for each, a list with a range a channel: the gate is that of the channel with the widest
 *   one, for an input has one gate. In the others it takes in somewhat more levels
 * @throws RangeError if `levels` is negative or no number
 * @throws TypeError if `range` is no pair of two different numbers and no list of such pairs
 */
export function greyLevels(levels: number, range: GreyRange | readonly GreyRange[]): number {
  requireNotNegative('greyLevels: levels', levels);
  if (levels === 0) return 0;
  return Math.max(...rangesOf(range).map((one) => gateIn(one, levels)));
}

function gateIn([black, white]: GreyRange, levels: number): number {
  const level = Math.abs(white - black) / LEVELS;
  const isWhole = Number.isInteger(black) && Number.isInteger(level);
  return levels * level + (isWhole ? 0 : ROUNDING * Math.max(Math.abs(black), Math.abs(white)));
}

function rangesOf(range: GreyRange | readonly GreyRange[]): readonly GreyRange[] {
  const ranges = Array.isArray(range) && Array.isArray(range[0]) ? range : [range];
  if (ranges.every(isRange)) return ranges;
  throw new TypeError(
    `greyLevels: the range must be what black and white become, as [-1, 1], or one for each channel, but is ${shown(range)}.`,
  );
}

function isRange(range: unknown): range is GreyRange {
  if (!Array.isArray(range) || range.length !== 2) return false;
  const [black, white] = range as unknown[];
  return Number.isFinite(black) && Number.isFinite(white) && black !== white;
}
