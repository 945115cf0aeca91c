/** What all engines do with thresholds, before any frame. */
import type {Graph} from '../graph';
import type {Threshold} from './engine';

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
