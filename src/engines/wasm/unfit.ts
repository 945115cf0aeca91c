/** A graph that there was no memory for: it computes nothing, and is compiled anew once there is more. */
import * as tf from '@tensorflow/tfjs-core';
import type {Graph} from '../../graph';
import type {Program} from '../engine';
import type {OutOfMemory} from './memory/heap';

export class UnfitProgram implements Program {
  readonly backend = tf.getBackend();
  readonly reads = 'both';
  readonly cacheBytes = 0;
  readonly costModel = null;
  readonly tellsChange = true;

  constructor(
    readonly graph: Graph,
    private readonly reason: OutOfMemory,
  ) {}

  get isLost(): boolean {
    return this.reason.isOver;
  }

  unsupportedReason(): string {
    return this.reason.message;
  }

  refresh(): void {
    // Nothing is packed.
  }

  difference(): never {
    throw this.reason;
  }

  async differenceAsync(): Promise<never> {
    throw this.reason;
  }

  catchUp(): boolean {
    return false;
  }

  async catchUpAsync(): Promise<boolean> {
    return false;
  }

  run(): never {
    throw this.reason;
  }

  async runAsync(): Promise<never> {
    throw this.reason;
  }

  async rms(): Promise<ReadonlyMap<number, Float32Array>> {
    return new Map();
  }

  regionsOf(): never {
    throw this.reason;
  }

  async compare(): Promise<never> {
    throw this.reason;
  }

  record(): never {
    throw this.reason;
  }

  dispose(): void {
    // Nothing is held.
  }
}
