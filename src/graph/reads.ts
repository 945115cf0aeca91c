/** What an output of an op reads of an input along one axis. Planes are taken to go on past their edges. */
import type {Plane} from './plane';

/** Rows, or columns. */
export type Axis = 0 | 1;

/** So many of the input's places from the first on, so far apart. */
export interface SpacedTaps {
  readonly first: number;
  readonly count: number;
  readonly step: number;
}

/** What an output reads: some places, or all there are. */
export type Taps = SpacedTaps | 'all';

/** What output `at` reads, which may lie outside of the plane. */
export type Reads<T extends Taps = Taps> = (at: number) => T;

/** One input of a node along one axis. */
export interface Use {
  readonly axis: Axis;
  readonly input: Plane;
  readonly output: Plane;
  /** Which of the node's inputs it is, and the planes of all. */
  readonly index: number;
  readonly inputs: readonly Plane[];
}

export const NO_TAPS: SpacedTaps = {first: 0, count: 0, step: 1};
export const oneTap = (first: number): SpacedTaps => ({first, count: 1, step: 1});
export const fromTo = (first: number, last: number): SpacedTaps => ({
  first,
  count: last - first + 1,
  step: 1,
});

/** Of ops whose outputs read the same place. */
export const readsSame = (): Reads => oneTap;
/** Of ops whose outputs read the whole input. */
export const readsAll = (): Reads => () => 'all';

export const sideOf = ({height, width}: Plane, axis: Axis): number => (axis === 0 ? height : width);
