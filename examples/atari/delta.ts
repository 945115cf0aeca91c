/**
 * Screens as what changed in them, losslessly: a screen is told by its difference from the one before it (the first
 * by its difference from zeros), as runs of one colour. Brotli makes much less of this than of the pixels, because a
 * sprite that moves writes the same few bytes again and again. This is the coding alone: no files, no headers.
 *
 * Two byte strings make up the coding. `runs` has, for each screen, for each row with a change: the rows to step down
 * from the last such row (from −1 at the top), the runs as pairs (first column, length), and END; then one more END.
 * `colours` has a palette index a run. A run may cover pixels that stay as they are, if they have its colour.
 */
export interface CodedScreens {
  readonly runs: Uint8Array;
  readonly colours: Uint8Array;
}

export interface ScreenSize {
  readonly height: number;
  readonly width: number;
}

/** Ends a row, and a screen; no step, column or length is as large. */
const END = 255;

export function requireCodable({height, width}: ScreenSize): void {
  if (height > 0 && height < END && width > 0 && width < END) return;
  throw new RangeError(`Screens of 1×1 to ${END - 1}×${END - 1} can be coded; these are ${height}×${width}.`);
}

/** Codes screens of palette indices, row by row. A screen's buffer may be refilled for the next one. */
export function encodeScreens(screens: Iterable<Uint8Array>, size: ScreenSize): CodedScreens {
  requireCodable(size);
  const runs: number[] = [];
  const colours: number[] = [];
  const previous = new Uint8Array(size.height * size.width);
  for (const screen of screens) {
    let lastRow = -1;
    for (let y = 0; y < size.height; y++) {
      const row = changedRuns(previous, screen, y * size.width, size.width);
      if (row.length === 0) continue;
      runs.push(y - lastRow);
      for (const {x, length, colour} of row) {
        runs.push(x, length);
        colours.push(colour);
      }
      runs.push(END);
      lastRow = y;
    }
    runs.push(END);
    previous.set(screen);
  }
  return {runs: Uint8Array.from(runs), colours: Uint8Array.from(colours)};
}

interface Run {
  readonly x: number;
  readonly length: number;
  readonly colour: number;
}

/** The runs of one colour that cover what changed in a row; each begins and ends with a changed pixel. */
function changedRuns(previous: Uint8Array, next: Uint8Array, start: number, width: number): Run[] {
  const runs: Run[] = [];
  for (let x = 0; x < width; ) {
    if (previous[start + x] === next[start + x]) {
      x++;
      continue;
    }
    const colour = next[start + x];
    let end = x + 1;
    for (let i = end; i < width && next[start + i] === colour; i++) {
      if (previous[start + i] !== colour) end = i + 1;
    }
    runs.push({x, length: end - x, colour});
    x = end;
  }
  return runs;
}

/** The screens again, one after another, in one buffer that the next screen overwrites. */
export function* decodeScreens(
  {runs, colours}: CodedScreens,
  {height, width}: ScreenSize,
): Generator<Uint8Array, void, undefined> {
  const screen = new Uint8Array(height * width);
  let colour = 0;
  for (let at = 0; at < runs.length; ) {
    for (let y = -1; runs[at] !== END; at++) {
      y += runs[at++];
      if (!(y < height)) throw new Error(`The recording is damaged: it has a row ${y} of ${height}.`);
      for (; runs[at] !== END; at += 2) {
        const from = y * width + runs[at];
        screen.fill(colours[colour++], from, from + runs[at + 1]);
      }
    }
    at++;
    yield screen;
  }
}
