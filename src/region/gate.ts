/**
 * The gate of an input: which of the pixels that moved count as changed. A sensor's noise is pixels that move alone;
 * what really moves is many beside each other.
 */
import {numeric, object, onlyKnown} from '../checks';
import {lastMask} from './bits';
import {requireInteger} from './checks';
import {Region} from './region';

/**
 * When a pixel of an input counts as changed: above this, in input units, or above `value` and not alone. `greyLevels` makes
 * either number from grey levels.
 *
 * - `value`: a pixel is over the gate where a channel moved by more than this. 0 compares bits.
 * - `neighbours`: only pixels of whose 8 neighbours at least so many are over it too count; at the border, where there
 *   are fewer, all that there are will do. 0 to 8, default 0. **A change of one pixel can then stay unseen for good.**
 * - `grow`: the pixels that count, and all within so many rows and columns of them. Default 0.
 */
export type InputThreshold = number | {value: number; neighbours?: number; grow?: number};

/** A gate with every part in place. */
export interface Gate {
  readonly value: number;
  readonly neighbours: number;
  readonly grow: number;
}

export function gateOf(threshold: InputThreshold): Gate {
  if (typeof threshold === 'number') return {value: threshold, neighbours: 0, grow: 0};
  const {value, neighbours = 0, grow = 0} = threshold;
  return {value, neighbours, grow};
}

/**
 * The gate that a caller asks for.
 * @param what names it in the error
 * @throws where it is none, or a part of it is out of range
 */
export function readGate(what: string, threshold: InputThreshold): Gate {
  if (typeof threshold !== 'object' || threshold === null)
    return gateOf(numeric(what, threshold, {least: 0}));
  onlyKnown(what, object(what, threshold, '{value, neighbours, grow}'), ['value', 'neighbours', 'grow']);
  const gate = gateOf(threshold);
  numeric(`${what}.value`, gate.value, {least: 0});
  numeric(`${what}.neighbours`, gate.neighbours, {least: 0, most: 8, whole: true});
  numeric(`${what}.grow`, gate.grow, {least: 0, whole: true});
  return gate;
}

/** Whether every change passes, however small and alone, and nothing else does. */
export function isOpen({value, neighbours, grow}: Gate): boolean {
  return value === 0 && neighbours === 0 && grow === 0;
}

/** The pixels that count as changed, of those that are over the gate. */
export function passGate(over: Region, {neighbours, grow}: Gate): Region {
  let region = neighbours > 0 ? keepCrowded(over, neighbours) : over;
  for (let i = 0; i < grow; i++) region = growByOne(region);
  return region;
}

/**
 * The set pixels of whose 8 neighbours at least `least` are set, or all that lie in the plane.
 * @throws RangeError unless `least` is an integer of 0 or more
 */
export function keepCrowded(region: Region, least: number): Region {
  requireInteger('keepCrowded: least', least, 0);
  const {height, width, wordsPerRow, words} = region;
  const kept = new Region(height, width);
  const counts = new Counts();
  /** The last pixel of a row, in its last word. */
  const border = 1 << ((width - 1) & 31);
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < wordsPerRow; i++) {
      const own = words[y * wordsPerRow + i];
      if (own === 0) continue;
      counts.clear();
      for (let row = y - 1; row <= y + 1; row++) {
        if (row < 0 || row >= height) continue;
        const start = row * wordsPerRow;
        const word = words[start + i];
        const left = (word << 1) | (i > 0 ? words[start + i - 1] >>> 31 : 0);
        const right = (word >>> 1) | (i + 1 < wordsPerRow ? words[start + i + 1] << 31 : 0);
        counts.add(left, i > 0 ? left : left | 1);
        counts.add(right, i + 1 < wordsPerRow ? right : right | border);
        if (row !== y) counts.add(word, word);
      }
      kept.words[y * wordsPerRow + i] = own & (counts.atLeast(least) | counts.all);
    }
  }
  return kept;
}

/** For each of 32 pixels, how many of up to 8 are set: a number of four bits, one word a bit. */
class Counts {
  /** Pixels for which all that was added is set. */
  all = -1;
  private readonly bits = new Int32Array(4);

  clear(): void {
    this.all = -1;
    this.bits.fill(0);
  }

  /** @param orOutside the same word, and set besides where it would lie outside of the plane */
  add(word: number, orOutside: number): void {
    this.all &= orOutside;
    let carry = word;
    for (let i = 0; i < 4; i++) {
      const both = this.bits[i] & carry;
      this.bits[i] ^= carry;
      carry = both;
    }
  }

  /** Pixels whose number is at least this. */
  atLeast(least: number): number {
    if (least > 8) return 0;
    let greater = 0;
    let equal = -1;
    for (let i = 3; i >= 0; i--) {
      if ((least >> i) & 1) equal &= this.bits[i];
      else {
        greater |= equal & this.bits[i];
        equal &= ~this.bits[i];
      }
    }
    return greater | equal;
  }
}

/** The set pixels and their 8 neighbours. */
export function growByOne({height, width, wordsPerRow, words}: Region): Region {
  const grown = new Region(height, width);
  const last = lastMask(width);
  const column = (y: number, i: number) => {
    if (i < 0 || i >= wordsPerRow) return 0;
    const at = y * wordsPerRow + i;
    const above = y > 0 ? words[at - wordsPerRow] : 0;
    return words[at] | above | (y + 1 < height ? words[at + wordsPerRow] : 0);
  };
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < wordsPerRow; i++) {
      const own = column(y, i);
      const spread = own | (own << 1) | (own >>> 1) | (column(y, i - 1) >>> 31) | (column(y, i + 1) << 31);
      grown.words[y * wordsPerRow + i] = i + 1 === wordsPerRow ? spread & last : spread;
    }
  }
  return grown;
}
