/** The schedule of a frame: a plan's steps, in order, and what is finished once all have run. */
import type {Graph} from '../../../graph';
import type {CompileOptions} from '../../engine';
import type {StreamState} from '../memory/state';
import {setTolerance} from '../memory/tolerances';
import type {Compiled} from './compiled';
import {ExternalStep} from './external-step';
import {UNMONITORED, type Pass} from './pass';
import {ReduceStep} from './reduce-step';

export class Schedule {
  constructor(
    private readonly graph: Graph,
    private readonly compiled: Compiled,
    private readonly thresholds: CompileOptions['thresholds'],
  ) {}

  run(pass: Pass): void {
    const {ms} = pass.state;
    let start = performance.now();
    for (const step of this.compiled.steps) {
      step.run(pass);
      const end = performance.now();
      ms[step.node.id] = end - start;
      start = end;
    }
    this.finish(pass);
  }

  /** The same where a node has to be awaited. */
  async runAsync(pass: Pass): Promise<void> {
    for (const step of this.compiled.steps) {
      const start = performance.now();
      const waiting = step instanceof ExternalStep ? step.runAsync : null;
      if (waiting) await waiting(pass);
      else step.run(pass);
      pass.state.ms[step.node.id] = performance.now() - start;
    }
    this.finish(pass);
  }

  /** Brings the partial sums up to activations that were put back. */
  reduceAnew(state: StreamState): void {
    const pass: Pass = {state, full: true, ...UNMONITORED};
    for (const step of this.compiled.steps) if (step instanceof ReduceStep) step.run(pass);
  }

  private finish({state, full}: Pass): void {
    if (!full) return;
    this.calibrate(state);
    state.valid = true;
  }

  private calibrate(state: StreamState): void {
    const {tolerances, layouts, place} = this.compiled;
    for (const [node, threshold] of this.thresholds) {
      for (const id of this.graph.nodes[node].outputs) {
        setTolerance(place, state.at, tolerances.get(id)!, layouts[id], threshold);
      }
    }
  }
}
