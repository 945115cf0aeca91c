/**
 * Regions of ops that move values without changing them: padding, cropping, concatenating along a side, reshaping.
 * Only the pixels' places change here; windows are propagate.ts's.
 */
import {lastMask, orShifted, setRange} from './bits';
import {requireInteger, requirePlane} from './checks';
import {Region} from './region';

/**
 * The region moved into a plane of another size: pixel (y, x) becomes (y + dy, x + dx). What falls outside is dropped.
 * @param height rows of the new plane
 * @param width columns of the new plane
 * @param dy rows down, negative for up
 * @param dx columns to the right, negative for left
 * @throws RangeError for a size that is no positive integer, or a movement that is no integer
 */
export function translate(region: Region, height: number, width: number, dy: number, dx: number): Region {
  requirePlane('translate', height, width);
  requireInteger('translate: dy', dy);
  requireInteger('translate: dx', dx);
  const out = new Region(height, width);
  const end = Math.min(height, region.height + dy);
  for (let y = Math.max(0, dy); y < end; y++) {
    const to = y * out.wordsPerRow;
    const from = (y - dy) * region.wordsPerRow;
    orShifted(out.words, to, out.wordsPerRow, region.words, from, region.wordsPerRow, dx);
    out.words[to + out.wordsPerRow - 1] &= lastMask(width);
  }
  return out;
}

/**
 * The same flat row-major values seen as another plane: [H, W, channels] becomes [height, width, newChannels]. A pixel of
 * the new plane is set if any of its values belongs to a set pixel of the old one.
 * @param channels values in a pixel of the region's plane
 * @param height rows of the new plane
 * @param width columns of the new plane
 * @param newChannels values in a pixel of the new plane
 * @throws RangeError for sizes that are no positive integers, or that do not hold equally many values
 */
export function reinterpret(
  region: Region,
  channels: number,
  height: number,
  width: number,
  newChannels: number,
): Region {
  requirePlane('reinterpret', height, width);
  requireInteger('reinterpret: channels', channels, 1);
  requireInteger('reinterpret: newChannels', newChannels, 1);
  const before = region.height * region.width * channels;
  const after = height * width * newChannels;
  if (before !== after) {
    throw new RangeError(
      `reinterpret: ${region.height}×${region.width}×${channels} holds ${before} values, but ` +
        `${height}×${width}×${newChannels} holds ${after}. Expected equally many.`,
    );
  }
  if (channels === newChannels && width === region.width) return region.clone();
  const out = new Region(height, width);
  for (const {y, x, length} of region.spans()) {
    const first = (y * region.width + x) * channels;
    const last = first + length * channels - 1;
    setPixels(out, Math.floor(first / newChannels), Math.floor(last / newChannels));
  }
  return out;
}

/** Sets the pixels of linear index `first` to `last`, over as many rows as they take. */
function setPixels(out: Region, first: number, last: number): void {
  const bottom = Math.floor(last / out.width);
  for (let y = Math.floor(first / out.width); y <= bottom; y++) {
    const from = Math.max(0, first - y * out.width);
    const end = Math.min(out.width, last + 1 - y * out.width);
    setRange(out.words, y * out.wordsPerRow, from, end);
  }
}
