/** What frames truly cost on a simulated machine, and what its engine forecasts. Milliseconds. */
import {apart, type Shown} from './content';

export interface Machine {
  /** A frame of the model itself. */
  readonly dense: number;
  /** A whole frame in the engine, in frames of the model. */
  readonly full: number;
  /** Comparing a frame with the cached one, in frames of the model. */
  readonly compare: number;
  /** How many times its share of the picture a change reaches, up to all of it. */
  readonly spread: number;
  /** Share of a changed block's pixels that change. */
  readonly density: number;
  /** What frames truly take over what is forecast: all of them, and how far single ones stray from that (in the log). */
  readonly bias: number;
  readonly stray: number;
  /** False for an engine that cannot forecast: it has to be tried. */
  readonly forecasts: boolean;
}

/** Asking for a forecast, in frames of the model. */
export const ASKING = 0.003;

/** What a whole frame is to the engine, in milliseconds. */
export const fullMs = ({dense, full}: Machine): number => dense * full;

/**
 * Bringing the cache from one frame to another, in milliseconds, where the frame does not stray from what is forecast.
 * @param cached null for an empty cache
 */
export function reachMs(machine: Machine, cached: Shown | null, next: Shown): number {
  const share = cached === null ? 1 : apart(cached, next);
  return reachOf(machine, share);
}

/** The same for a change of this share of the picture. */
export function reachOf(machine: Machine, share: number): number {
  // The outputs are read even where nothing changed.
  if (share === 0) return 0.002 * machine.dense;
  return fullMs(machine) * Math.min(1, 0.01 + machine.spread * share);
}
