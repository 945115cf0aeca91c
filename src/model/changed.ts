/** A caller's own word on what changed, as one region for each input and frame. */
import {planeOf, type Graph} from '../graph';
import {Region, type Rect} from '../region';
import {answersTo, type Wrapped} from './wrapped';

/** The changed pixels of one frame: a region, rectangles, or a map of these by input name (a missing name: nothing). */
export type Changed = Region | readonly Rect[] | {readonly [input: string]: Region | readonly Rect[]};

const isRegionLike = (x: unknown): x is Region | readonly Rect[] => x instanceof Region || Array.isArray(x);

const isRects = (x: readonly unknown[]): boolean =>
  x.every(
    (rect) => typeof rect === 'object' && rect !== null && 'height' in rect && !(rect instanceof Region),
  );

function regionOf(changed: Region | readonly Rect[], height: number, width: number, what: string): Region {
  if (!(changed instanceof Region)) return Region.fromRects(height, width, changed);
  if (changed.height === height && changed.width === width) return changed;
  throw new RangeError(
    `'changed' is a region of ${changed.height} × ${changed.width} pixels, but ${what} has ${height} × ${width}.`,
  );
}

function ofFrame(changed: Changed, graph: Graph, wrapped: Wrapped): Region[] {
  const names = wrapped.inputs.map(({name}) => name);
  if (isRegionLike(changed) && names.length > 1) {
    throw new Error(
      `'${wrapped.name}' has ${names.length} inputs: pass 'changed' as a map by name (${names.join(', ')}).`,
    );
  }
  const map: {readonly [input: string]: Region | readonly Rect[]} = isRegionLike(changed)
    ? {[names[0]]: changed}
    : changed;
  const unknown = Object.keys(map).find((name) => !wrapped.inputs.some((input) => answersTo(input, name)));
  if (unknown !== undefined)
    throw new Error(`'changed' names an input '${unknown}'; there are ${names.join(', ')}.`);
  return graph.inputs.map((id, i) => {
    const {height, width} = planeOf(graph.values[id]);
    const given = Object.keys(map).find((name) => answersTo(wrapped.inputs[i], name));
    return regionOf(given === undefined ? [] : map[given], height, width, `input '${names[i]}'`);
  });
}

/** Regions by frame and input, or null where the caller says nothing. */
export function readChanged(
  changed: Changed | readonly Changed[] | undefined,
  frames: number,
  graph: Graph,
  wrapped: Wrapped,
): Region[][] | null {
  if (changed === undefined) return null;
  if (frames === 1 && !(Array.isArray(changed) && changed.length > 0 && !isRects(changed))) {
    return [ofFrame(changed as Changed, graph, wrapped)];
  }
  if (!Array.isArray(changed) || changed.length !== frames || isRects(changed)) {
    throw new Error(`For ${frames} frames 'changed' must be a list of ${frames}, one entry a frame.`);
  }
  return (changed as Changed[]).map((entry) => ofFrame(entry, graph, wrapped));
}
