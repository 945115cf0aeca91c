/**
 * Screens as what changed in them, losslessly: a screen is told by its difference from the one before it (the first
 * by its difference from zeros), as runs of one colour. Brotli makes much less of this than of the pixels, because a
 * sprite writes the same few bytes wherever it moves to. This is the coding alone: no files, no headers.
 *
 * Two byte strings make it up. `runs` has two numbers for each run, in the order of reading: how many pixels lie between
 * it and the run before it (from the top left corner at first), and its length; a length of 0 ends the screen. They are
 * written 7 bits a byte, the lowest first, with the top bit set in all but the last. `colours` has a palette index a run.
 * Runs go on from row to row, and may cover pixels that stay as they are if they have the run's colour.
 */
export interface CodedScreens {
  readonly runs: Uint8Array;
  readonly colours: Uint8Array;
}

/** Codes screens of `pixels` palette indices. A screen's buffer may be refilled for the next one. */
export function encodeScreens(screens: Iterable<Uint8Array>, pixels: number): CodedScreens {
  const runs: number[] = [];
  const colours: number[] = [];
  const previous = new Uint8Array(pixels);
  for (const screen of screens) {
    let at = 0;
    for (let i = 0; i < pixels;) {
      if (previous[i] === screen[i]) {
        i++;
        continue;
      }
      const end = endOfRun(previous, screen, i);
      pushNumber(runs, i - at);
      pushNumber(runs, end - i);
      colours.push(screen[i]);
      at = i = end;
    }
    pushNumber(runs, pixels - at);
    pushNumber(runs, 0);
    previous.set(screen);
  }
  return {runs: Uint8Array.from(runs), colours: Uint8Array.from(colours)};
}

/** The run that starts at a changed pixel ends behind the last changed pixel that its colour reaches. */
function endOfRun(previous: Uint8Array, screen: Uint8Array, start: number): number {
  const colour = screen[start];
  let end = start + 1;
  for (let i = end; i < screen.length && screen[i] === colour; i++) {
    if (previous[i] !== colour) end = i + 1;
  }
  return end;
}

function pushNumber(bytes: number[], value: number): void {
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
  bytes.push(value);
}

/** The screens again, one after another, in one buffer that the next screen overwrites. */
export function* decodeScreens(
  {runs, colours}: CodedScreens,
  pixels: number,
): Generator<Uint8Array, void, undefined> {
  const screen = new Uint8Array(pixels);
  let at = 0;
  let run = 0;
  const nextNumber = (): number => {
    let value = runs[at] & 127;
    for (let shift = 7; runs[at++] > 127; shift += 7) value |= (runs[at] & 127) << shift;
    return value;
  };
  while (at < runs.length) {
    for (let i = 0; ;) {
      i += nextNumber();
      const length = nextNumber();
      if (length === 0) break;
      screen.fill(colours[run++], i, i + length);
      i += length;
    }
    yield screen;
  }
}
