/**
 * How long a frame's nodes take on the device: each in a pass of its own, with a timestamp before and behind it. Only for
 * frames of which that is asked: many passes take longer than one.
 */
import {RECORD_WORDS} from '../wgsl/call';

/** Of a set of queries, on every device. */
const MOST_QUERIES = 4096;
const QUERY_BYTES = 8;
const MS = 1e-6;

/** Places of a node's two timestamps, by the offset of its control record: these are counted from 1. */
const placeOf = (record: number): number => 2 * (record / RECORD_WORDS - 1);

export const tellsTime = (device: GPUDevice): boolean => device.features.has('timestamp-query');

export class Timer {
  /** Timestamps, once a frame that took them has run. */
  readonly results: GPUBuffer;
  private readonly queries: GPUQuerySet;

  /**
   * @param device one that `tellsTime`
   * @param words of all control records
   */
  constructor(device: GPUDevice, words: number) {
    const count = Math.min(MOST_QUERIES, (2 * words) / RECORD_WORDS);
    this.queries = device.createQuerySet({type: 'timestamp', count});
    const {QUERY_RESOLVE, COPY_SRC} = GPUBufferUsage;
    this.results = device.createBuffer({size: QUERY_BYTES * count, usage: QUERY_RESOLVE | COPY_SRC});
  }

  /** What a pass of the node with this record alone is begun with; of a graph with too many nodes, the last ones go without. */
  writes(record: number): GPUComputePassTimestampWrites | undefined {
    const {queries: querySet} = this;
    const place = placeOf(record);
    if (place + 1 >= querySet.count) return undefined;
    return {querySet, beginningOfPassWriteIndex: place, endOfPassWriteIndex: place + 1};
  }

  /** Behind all passes. */
  resolve(encoder: GPUCommandEncoder): void {
    encoder.resolveQuerySet(this.queries, 0, this.queries.count, this.results, 0);
  }

  dispose(): void {
    this.queries.destroy();
    this.results.destroy();
  }
}

/** Milliseconds of the node with this record. */
export function msOf(record: number, times: BigUint64Array): number {
  const place = placeOf(record);
  if (place + 1 >= times.length) return 0;
  // Clocks of devices may jump.
  return Math.max(0, MS * Number(times[place + 1] - times[place]));
}
