/** A caller's own word on what changed, as one region for each input and frame. What is none is rejected, not guessed at. */
import {isPlainObject, shown} from '../checks';
import {planeOf, type Graph} from '../graph';
import {isRegion, ownRegion, Region, type Rect} from '../region';
import {answersTo, type Wrapped} from './wrapped';

/** The changed pixels of one frame: a region, rectangles, or a map of these by input name (a missing name: nothing). */
export type Changed = Region | readonly Rect[] | {readonly [input: string]: Region | readonly Rect[]};

type ByName = Readonly<Record<string, unknown>>;

/** Regions by frame and input, or null where the caller says nothing. */
export function readChanged(
  changed: unknown,
  frames: number,
  graph: Graph,
  wrapped: Wrapped,
): Region[][] | null {
  if (changed === undefined) return null;
  return entriesOf(changed, frames).map((entry) => ofFrame(entry, graph, wrapped));
}

/** The same word in objects of our own, whatever the caller does with theirs. It is not checked yet. */
export function copyOfChanged(changed: unknown): unknown {
  if (isRegion(changed)) return ownRegion("'changed'", changed).clone();
  if (Array.isArray(changed)) return Array.from(changed, copyOfChanged);
  if (!isPlainObject(changed)) return changed;
  return Object.fromEntries(Object.entries(changed).map(([name, value]) => [name, copyOfChanged(value)]));
}

/** One entry a frame. Of a single frame the list may be left out. */
function entriesOf(changed: unknown, frames: number): unknown[] {
  const list = Array.isArray(changed) ? (Array.from(changed) as unknown[]) : null;
  const isOfFrames = list !== null && list.every(isOfFrame);
  if (frames === 1 && !(isOfFrames && list.length > 0)) return [changed];
  if (isOfFrames && list.length === frames) return list;
  const given =
    list && !isOfFrames ? `a list that holds ${shown(list.find((x) => !isOfFrame(x)))}` : shown(changed);
  throw new Error(
    `For ${frames} frame${frames === 1 ? '' : 's'} 'changed' must be a list of ${frames}, one entry a frame, each ` +
      `${EXPECTED}; got ${given}.`,
  );
}

const EXPECTED = 'a Region, a list of rectangles {y, x, height, width}, or a map of these by input name';

/** Whether this says what changed in one frame; a rectangle alone does not. */
const isOfFrame = (x: unknown): boolean => isRegion(x) || Array.isArray(x) || isByName(x);

const isRect = (x: unknown): boolean =>
  isPlainObject(x) &&
  ['y', 'x', 'height', 'width'].some((name) => Object.hasOwn(x, name) && typeof x[name] !== 'object');

const isByName = (x: unknown): x is ByName => isPlainObject(x) && !isRect(x);

function ofFrame(changed: unknown, graph: Graph, wrapped: Wrapped): Region[] {
  const named = byName(changed, wrapped);
  return graph.inputs.map((id, i) => {
    const {height, width} = planeOf(graph.values[id]);
    const {name} = wrapped.inputs[i];
    const [given, twice] = Object.keys(named).filter((key) => answersTo(wrapped.inputs[i], key));
    if (twice !== undefined)
      throw new Error(`'changed' names input '${name}' twice, as '${given}' and as '${twice}'.`);
    return given === undefined
      ? Region.empty(height, width)
      : regionOf(named[given], height, width, `input '${name}'`);
  });
}

function byName(changed: unknown, {name, inputs}: Wrapped): ByName {
  const names = inputs.map((input) => input.name);
  if (isRegion(changed) || Array.isArray(changed)) {
    if (names.length === 1) return {[names[0]]: changed};
    throw new Error(
      `'${name}' has ${names.length} inputs: pass 'changed' as a map by name (${names.join(', ')}).`,
    );
  }
  if (!isByName(changed)) throw notChanged("'changed'", changed, EXPECTED);
  const unknown = Object.keys(changed).find((key) => !inputs.some((input) => answersTo(input, key)));
  if (unknown === undefined) return changed;
  const hint = typeof changed[unknown] === 'number' ? ' A rectangle is {y, x, height, width}.' : '';
  throw new Error(`'changed' names an input '${unknown}'; there are ${names.join(', ')}.${hint}`);
}

function notChanged(what: string, given: unknown, expected: string): Error {
  const hint = isRect(given) ? ' Put a rectangle in a list.' : ' Leave it out to have frames compared.';
  return new Error(`${what} must be ${expected}; got ${shown(given)}.${hint}`);
}

/** A region of our own: what changed is kept where the cache does not see the frame, and the caller may refill theirs. */
function regionOf(changed: unknown, height: number, width: number, what: string): Region {
  if (Array.isArray(changed)) return ofRects(changed, height, width, what);
  if (!isRegion(changed))
    throw notChanged(
      `'changed' of ${what}`,
      changed,
      'a Region or a list of rectangles {y, x, height, width}',
    );
  const region = ownRegion("'changed'", changed);
  if (region.height === height && region.width === width) return region === changed ? region.clone() : region;
  throw new RangeError(
    `'changed' is a region of ${region.height} × ${region.width} pixels, but ${what} has ${height} × ${width}.`,
  );
}

function ofRects(rects: readonly unknown[], height: number, width: number, what: string): Region {
  try {
    return Region.fromRects(height, width, rects as readonly Rect[]);
  } catch (error) {
    throw new RangeError(`'changed' of ${what}: ${(error as Error).message}`, {cause: error});
  }
}
