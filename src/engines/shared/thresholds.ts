/** What all engines do with thresholds, before any frame. */
import {isPlainObject, numeric, onlyKnown, shown} from '../../checks';
import type {Graph} from '../../graph';
import type {Threshold} from '../engine';

/**
 * The threshold that a caller asks for, in an object of our own; 0 where nothing may differ.
 * @param what names it in the error
 * @throws where it is none, or out of range
 */
export function readThreshold(what: string, threshold: Threshold): Threshold {
  if (!isPlainObject(threshold)) {
    if (typeof threshold === 'number') return numeric(what, threshold, {least: 0});
    throw new Error(
      `${what} must be a number of at least 0, or {relative: number}; got ${shown(threshold)}.`,
    );
  }
  onlyKnown(what, threshold, ['relative', 'rms']);
  const relative = numeric(`${what}.relative`, threshold.relative, {least: 0});
  const rms = threshold.rms === undefined ? undefined : rmsOf(`${what}.rms`, threshold.rms);
  if (relative === 0) return 0;
  return rms ? {relative, rms} : {relative};
}

/** A copy, so that whoever changes theirs changes nothing here. */
function rmsOf(what: string, rms: readonly number[]): number[] {
  const isScale = (value: unknown) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
  if (Array.isArray(rms) && Array.from(rms).every(isScale)) return [...rms];
  throw new Error(`${what} must be an array of numbers of at least 0, one a channel; got ${shown(rms)}.`);
}

/** @throws where a scale that was given does not fit the node's channels; names the node */
export function checkThresholds(graph: Graph, thresholds: ReadonlyMap<number, Threshold>): void {
  for (const [id, threshold] of thresholds) {
    if (typeof threshold === 'number' || !threshold.rms) continue;
    const node = graph.nodes[id];
    const {length} = threshold.rms;
    for (const output of node.outputs) {
      const channels = graph.values[output].plane?.channels;
      if (channels === length) continue;
      throw new Error(
        `The threshold of '${node.name}' has an rms of ${length} value${length === 1 ? '' : 's'}, one a channel, but its ` +
          `output has ${channels ?? 'an unknown number of'} channels. Leave rms out, or take it from this model's calibration.`,
      );
    }
  }
}

/** The tolerance of each channel, where a threshold says it; null where it depends on the first frame. */
export function tolerancesOf(threshold: Threshold): number | Float32Array | null {
  if (typeof threshold === 'number') return threshold;
  return threshold.rms ? Float32Array.from(threshold.rms, (value) => threshold.relative * value) : null;
}

/** A tolerance, or none where it has no bounds: within infinity of an infinity lies everything, so that it would stay for good. */
export function finiteOr0(tolerance: number): number {
  return Number.isFinite(Math.fround(tolerance)) ? tolerance : 0;
}
