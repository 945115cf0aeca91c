/**
 * Region: a set of pixels of one H×W plane, one bit each. It is exact to the pixel and knows nothing of channels,
 * windows or tensors. Methods that return a Region make a new one; the four builders at the end change it in place.
 */
import {isZero, lastMask, lastSet, lowestBit, nextClear, nextSet, popcount, setRange, wordsFor} from './bits';
import {shown} from '../checks';
import {requireObject, requirePlane, requireRect, requireSamePlane} from './checks';
import {coverByRects, DEFAULT_CALL_COST} from './cover';
import type {Rect, Span} from './shapes';

/** By this the copies of the package know each other's regions, where a program has several installed. */
const BRAND = Symbol.for('tfjs-reuse.Region');

/** Whether `x` is a region, of this copy of the package or of another. */
export function isRegion(x: unknown): x is Region {
  return typeof x === 'object' && x !== null && BRAND in x;
}

/**
 * A region as one of this copy of the package: itself, or one of the same pixels.
 * @throws TypeError if `x` is no region; `what` names it in the message
 */
export function ownRegion(what: string, x: unknown): Region {
  if (x instanceof Region) return x;
  // Another copy may be of another version: only what every version has is asked for.
  if (isRegion(x)) return Region.fromMask(x.height, x.width, x.toMask());
  throw new TypeError(
    `${what} must be a Region, but is ${shown(x)}. Region.fromRects and Region.fromMask make one.`,
  );
}

/** A set of pixels of a plane. */
export class Region {
  static {
    Object.defineProperty(this.prototype, BRAND, {value: true});
  }

  /** Rows of the plane. */
  readonly height: number;
  /** Columns of the plane. */
  readonly width: number;
  /** 32-bit words in a row; every row starts on a word of its own. */
  readonly wordsPerRow: number;
  /** `height * wordsPerRow` words; pixel (y, x) is bit `x & 31` of word `y * wordsPerRow + (x >>> 5)`. */
  readonly words: Uint32Array;

  /**
   * @param height rows of the plane, a positive integer
   * @param width columns of the plane, a positive integer
   * @param words the pixels, kept and not copied; none are set by default. Bits past the width must be 0.
   * @throws RangeError for a size that is no positive integer, or words that do not fit it
   */
  constructor(height: number, width: number, words?: Uint32Array) {
    requirePlane('Region', height, width);
    this.height = height;
    this.width = width;
    this.wordsPerRow = wordsFor(width);
    this.words = words ?? new Uint32Array(height * this.wordsPerRow);
    if (words) this.requireFit(words);
  }

  /** A region of no pixels. */
  static empty(height: number, width: number): Region {
    return new Region(height, width);
  }

  /** A region of all pixels. */
  static full(height: number, width: number): Region {
    return new Region(height, width).fill();
  }

  /**
   * The pixels of some rectangles, which may overlap; one of height or width 0 adds nothing.
   * @throws RangeError if a rectangle has a field that is no integer of 0 or more, or reaches past the plane
   */
  static fromRects(height: number, width: number, rects: readonly Rect[]): Region {
    const region = new Region(height, width);
    if (!Array.isArray(rects)) {
      throw new TypeError(
        `Region.fromRects: expected a list of rectangles {y, x, height, width}, but got ${shown(rects)}.`,
      );
    }
    // By index: `forEach` would pass over holes.
    for (let i = 0; i < rects.length; i++) {
      const rect = rects[i] as Rect;
      requireRect(`Region.fromRects: rectangle ${i}`, rect, region);
      for (let y = rect.y; y < rect.y + rect.height; y++) region.add(y, rect.x, rect.width);
    }
    return region;
  }

  /**
   * The pixels whose mask value is true or a number other than 0.
   * @param mask `height * width` values, row by row
   * @throws RangeError if the mask has another length
   */
  static fromMask(height: number, width: number, mask: ArrayLike<number | boolean>): Region {
    const region = new Region(height, width);
    requireObject('Region.fromMask: the mask', mask, 'an array of numbers or flags');
    if (mask.length !== height * width) {
      throw new RangeError(
        `Region.fromMask: the mask has ${mask.length} values, but a ${height}×${width} plane needs ${height * width}, ` +
          'row by row. Flatten it, or give the plane its size.',
      );
    }
    for (let y = 0, i = 0; y < height; y++) {
      const row = y * region.wordsPerRow;
      for (let x = 0; x < width; x++, i++) if (mask[i]) region.words[row + (x >>> 5)] |= 1 << (x & 31);
    }
    return region;
  }

  /** How many pixels are set. */
  get area(): number {
    let area = 0;
    for (let i = 0; i < this.words.length; i++) area += popcount(this.words[i]);
    return area;
  }

  /** Whether no pixel is set. */
  get isEmpty(): boolean {
    return isZero(this.words, 0, this.words.length);
  }

  /** Whether every pixel is set. */
  get isFull(): boolean {
    for (let y = 0; y < this.height; y++) {
      if (nextClear(this.words, y * this.wordsPerRow, 0, this.width) < this.width) return false;
    }
    return true;
  }

  /** Whether pixel (y, x) is set. Pixels outside the plane are not. */
  has(y: number, x: number): boolean {
    if (!(y >= 0 && y < this.height && x >= 0 && x < this.width)) return false;
    return ((this.words[y * this.wordsPerRow + (x >>> 5)] >>> (x & 31)) & 1) === 1;
  }

  /** Whether both regions are of one size and set the same pixels. */
  equals(given: Region): boolean {
    const other = ownRegion('Region.equals: the other region', given);
    if (this.height !== other.height || this.width !== other.width) return false;
    for (let i = 0; i < this.words.length; i++) if (this.words[i] !== other.words[i]) return false;
    return true;
  }

  /** Whether every pixel of `given` is one of this region's too. Throws a RangeError if the planes differ in size. */
  covers(given: Region): boolean {
    const other = this.sameSize('Region.covers', given);
    for (let i = 0; i < this.words.length; i++) if ((other.words[i] & ~this.words[i]) !== 0) return false;
    return true;
  }

  /** The pixels of either region. Throws a RangeError if the planes differ in size. */
  union(given: Region): Region {
    const other = this.sameSize('Region.union', given);
    return this.clone().unite(other);
  }

  /** The pixels of both regions. Throws a RangeError if the planes differ in size. */
  intersection(given: Region): Region {
    const other = this.sameSize('Region.intersection', given);
    return new Region(
      this.height,
      this.width,
      this.words.map((word, i) => word & other.words[i]),
    );
  }

  /** A copy that shares nothing with this region. */
  clone(): Region {
    return new Region(this.height, this.width, this.words.slice());
  }

  /** The smallest rectangle that holds every pixel; null if there is none. */
  bounds(): Rect | null {
    let [top, bottom, left, right] = [-1, -1, this.width, -1];
    for (let y = 0; y < this.height; y++) {
      const row = y * this.wordsPerRow;
      const first = nextSet(this.words, row, 0, this.width);
      if (first === this.width) continue;
      if (top < 0) top = y;
      bottom = y;
      left = Math.min(left, first);
      right = Math.max(right, lastSet(this.words, row, first, this.width));
    }
    return top < 0 ? null : {y: top, x: left, height: bottom - top + 1, width: right - left + 1};
  }

  /** The runs of set pixels, as long as they go, row by row and from the left. */
  spans(): Span[] {
    const spans: Span[] = [];
    for (let y = 0; y < this.height; y++) {
      const row = y * this.wordsPerRow;
      for (let x = nextSet(this.words, row, 0, this.width); x < this.width;) {
        const end = nextClear(this.words, row, x, this.width);
        spans.push({y, x, length: end - x});
        x = nextSet(this.words, row, end, this.width);
      }
    }
    return spans;
  }

  /** The linear index `y * width + x` of each set pixel, in rising order. */
  pixels(): Int32Array {
    const pixels = new Int32Array(this.area);
    let count = 0;
    for (let y = 0, i = 0; y < this.height; y++) {
      for (let x = 0; x < this.wordsPerRow * 32; x += 32, i++) {
        const first = y * this.width + x;
        for (let word = this.words[i] | 0; word !== 0; word &= word - 1)
          pixels[count++] = first + lowestBit(word);
      }
    }
    return pixels;
  }

  /**
   * A few disjoint rectangles that together hold every pixel, top to bottom. They may hold others too, where one
   * rectangle fewer is worth it: it aims at a small area of all plus `callCost` for each.
   * @param callCost what one more rectangle costs, in pixels; 64 by default. With 0 the rectangles are exact.
   * @throws RangeError if `callCost` is negative or NaN
   */
  rects(callCost = DEFAULT_CALL_COST): Rect[] {
    return coverByRects(this, callCost);
  }

  /** `height * width` bytes, row by row: 1 for a set pixel and 0 for another. */
  toMask(): Uint8Array {
    const mask = new Uint8Array(this.height * this.width);
    for (const pixel of this.pixels()) mask[pixel] = 1;
    return mask;
  }

  /**
   * Sets `length` pixels of row `y` from column `x` on, in place.
   * @throws RangeError unless these are integers of 0 or more and the span lies in the plane
   */
  add(y: number, x: number, length: number): this {
    const fits = y >= 0 && y < this.height && x >= 0 && length >= 0 && x + length <= this.width;
    if (!fits || !Number.isInteger(y) || !Number.isInteger(x) || !Number.isInteger(length)) {
      throw new RangeError(
        `Region.add: row ${y}, column ${x}, length ${length} is no span of a ${this.height}×${this.width} plane. ` +
          'Expected integers of 0 or more, y < height and x + length <= width; clip the span first.',
      );
    }
    setRange(this.words, y * this.wordsPerRow, x, x + length);
    return this;
  }

  /** Adds the pixels of another region, in place. Throws a RangeError if the planes differ in size. */
  unite(given: Region): this {
    const other = this.sameSize('Region.unite', given);
    for (let i = 0; i < this.words.length; i++) this.words[i] |= other.words[i];
    return this;
  }

  /** Unsets every pixel, in place. */
  clear(): this {
    this.words.fill(0);
    return this;
  }

  /** Sets every pixel, in place. */
  fill(): this {
    this.words.fill(0xffffffff);
    const mask = lastMask(this.width);
    for (let i = this.wordsPerRow - 1; i < this.words.length; i += this.wordsPerRow) this.words[i] = mask;
    return this;
  }

  private sameSize(who: string, given: Region): Region {
    const other = ownRegion(`${who}: the other region`, given);
    requireSamePlane(who, this, other);
    return other;
  }

  private requireFit(words: Uint32Array): void {
    const expected = this.height * this.wordsPerRow;
    if (words.length !== expected) {
      throw new RangeError(
        `Region: a ${this.height}×${this.width} plane takes ${expected} words, ${this.wordsPerRow} a row, ` +
          `but was given ${words.length}.`,
      );
    }
    const past = ~lastMask(this.width);
    for (let i = this.wordsPerRow - 1; i < words.length; i += this.wordsPerRow) {
      if ((words[i] & past) === 0) continue;
      throw new RangeError(
        `Region: row ${Math.floor(i / this.wordsPerRow)} has bits set past its width of ${this.width}; clear them first.`,
      );
    }
  }
}
