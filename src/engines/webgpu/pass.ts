/** One frame on its way: the compute pass that is open, if any, and how the steps of a plan get into it. */
import type {ComputedStep} from './compile';
import {pendingCommands, type WebGpuBackend} from './device';
import {Encoder} from './encode';
import type {Pipelines} from './pipelines';
import type {GpuState} from './state';
import type {Timer} from './timer';
import type {Workspace} from './workspace';

/** What a program's passes are recorded with. */
export interface Recorder {
  readonly gpu: WebGpuBackend;
  readonly pipelines: Pipelines;
  readonly workspace: Workspace;
}

export class FramePass {
  private open: Encoder | null = null;

  /**
   * @param full whether everything is computed
   * @param timer times each node in a pass of its own; null where one pass takes them all
   */
  constructor(
    private readonly recorder: Recorder,
    readonly state: GpuState,
    readonly full: boolean,
    private readonly timer: Timer | null,
  ) {}

  /** The open pass; begun where there is none. */
  encoder(timestampWrites?: GPUComputePassTimestampWrites): Encoder {
    const {gpu, pipelines, workspace} = this.recorder;
    this.open ??= new Encoder(
      pipelines,
      workspace,
      this.state,
      pendingCommands(gpu).beginComputePass({timestampWrites}),
    );
    return this.open;
  }

  run(step: ComputedStep): void {
    const {timer, full} = this;
    if (timer) this.end();
    const encoder = this.encoder(timer?.writes(step));
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
    this.timer?.resolve(pendingCommands(this.recorder.gpu));
  }
}
