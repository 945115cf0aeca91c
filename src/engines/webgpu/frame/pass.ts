/** One frame on its way: the compute pass that is open, if any, and how the steps of a plan get into it. */
import {pendingCommands} from '../device/backend';
import type {Timer} from '../device/timer';
import type {GpuState} from '../memory/state';
import type {Resources} from '../memory/workspace';
import type {ComputedStep} from '../schedule/compiled';
import {Encoder} from './encoder';

export class FramePass {
  private open: Encoder | null = null;

  /**
   * @param full whether everything is computed
   * @param timer times each node in a pass of its own; null where one pass takes them all
   */
  constructor(
    private readonly resources: Resources,
    readonly state: GpuState,
    readonly full: boolean,
    private readonly timer: Timer | null,
  ) {}

  /** The open pass; begun where there is none. */
  encoder(timestampWrites?: GPUComputePassTimestampWrites): Encoder {
    const {resources, state} = this;
    this.open ??= new Encoder(
      resources,
      state,
      pendingCommands(resources.gpu).beginComputePass({timestampWrites}),
    );
    return this.open;
  }

  run(step: ComputedStep): void {
    const {timer, full} = this;
    if (timer) this.end();
    const encoder = this.encoder(timer?.writes(step.record));
    for (const one of step.calls) if (!one.onlyFull || full) encoder.run(one);
    if (timer) this.end();
  }

  end(): void {
    this.open?.end();
    this.open = null;
  }

  /** Behind everything. */
  finish(): void {
    this.end();
    this.timer?.resolve(pendingCommands(this.resources.gpu));
  }
}
