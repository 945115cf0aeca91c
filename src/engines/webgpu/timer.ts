/**
 * How long a frame's nodes take on the device: each in a pass of its own, with a timestamp before and behind it. Only for
 * frames of which that is asked: many passes take longer than one.
 */
import {RECORD_WORDS} from './calls';
import type {Compiled, ComputedStep} from './compile';

/** Of a set of queries, on every device. */
const MOST_QUERIES = 4096;
const QUERY_BYTES = 8;
const MS = 1e-6;

/** Places of a step's two timestamps: control records are counted from 1. */
const placeOf = ({record}: ComputedStep): number => 2 * (record / RECORD_WORDS - 1);

export const tellsTime = (device: GPUDevice): boolean => device.features.has('timestamp-query');

export class Timer {
  /** Timestamps, once a frame that took them has run. */
  readonly results: GPUBuffer;
  private readonly queries: GPUQuerySet;

  /** @param device one that `tellsTime` */
  constructor(device: GPUDevice, {groups}: Compiled) {
    const count = Math.min(MOST_QUERIES, 2 * groups.length);
    this.queries = device.createQuerySet({type: 'timestamp', count});
    const {QUERY_RESOLVE, COPY_SRC} = GPUBufferUsage;
    this.results = device.createBuffer({size: QUERY_BYTES * count, usage: QUERY_RESOLVE | COPY_SRC});
  }

  /** What a pass of this step alone is begun with; of a graph with too many nodes, the last ones go without. */
  writes(step: ComputedStep): GPUComputePassTimestampWrites | undefined {
    const {queries: querySet} = this;
    const place = placeOf(step);
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

/** Milliseconds of a step. */
export function msOf(step: ComputedStep, times: BigUint64Array): number {
  const place = placeOf(step);
  if (place + 1 >= times.length) return 0;
  // Clocks of devices may jump.
  return Math.max(0, MS * Number(times[place + 1] - times[place]));
}
