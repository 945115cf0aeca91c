/** A graph that cannot be computed, for want of memory or of an engine: every frame is left to the model. */
import * as tf from '@tensorflow/tfjs-core';
import type {Graph} from '../../graph';
import type {Program} from '../engine';

/** Why, as a clause, and whether that is over, so that the graph can be compiled anew. */
export interface Unfitness extends Error {
  readonly isOver?: boolean;
}

export class UnfitProgram implements Program {
  readonly backend = tf.getBackend();
  readonly reads = 'both';
  readonly cacheBytes = 0;
  readonly costModel = null;
  readonly tellsChange = true;

  constructor(
    readonly graph: Graph,
    private readonly reason: Unfitness,
  ) {}

  get isLost(): boolean {
    return this.reason.isOver ?? false;
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
