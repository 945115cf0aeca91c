/** Records calls into a compute pass. */
import type {Call} from './calls';
import type {Pipelines} from './pipelines';
import type {GpuState} from './state';
import type {Workspace} from './workspace';
import type {LayoutName} from './wgsl/kernel';

export class Encoder {
  constructor(
    private readonly pipelines: Pipelines,
    private readonly workspace: Workspace,
    private readonly state: GpuState,
    private readonly pass: GPUComputePassEncoder,
  ) {}

  /** @param source what the call's frame lies in, of one that takes it */
  run(one: Call, source: GPUBuffer | GPUTexture | null = null): void {
    const {pass} = this;
    pass.setPipeline(this.pipelines.get(one.kernel));
    pass.setBindGroup(0, this.groupOf(one.kernel.layout, source), [this.workspace.offsetOf(one)]);
    if ('record' in one.work) pass.dispatchWorkgroupsIndirect(this.state.control, 4 * one.work.record);
    else pass.dispatchWorkgroups(...one.work);
  }

  end(): void {
    this.pass.end();
  }

  private groupOf(layout: LayoutName, source: GPUBuffer | GPUTexture | null): GPUBindGroup {
    const {state} = this;
    switch (layout) {
      case 'region':
        return state.regions;
      case 'op':
        return state.ops;
      case 'output':
        return state.outputs;
      case 'source':
      case 'picture':
        return state.groupFor(source!);
    }
  }
}
