/** Records calls into a compute pass. */
import type {GpuState} from '../memory/state';
import type {Resources} from '../memory/workspace';
import type {Call} from '../wgsl/call';
import type {LayoutName} from '../wgsl/kernel';

export class Encoder {
  constructor(
    private readonly resources: Resources,
    private readonly state: GpuState,
    private readonly pass: GPUComputePassEncoder,
  ) {}

  /** @param source what the call's frame lies in, of one that takes it */
  run(one: Call, source: GPUBuffer | GPUTexture | null = null): void {
    const {pass, resources} = this;
    const {pipelines, workspace} = resources;
    pass.setPipeline(pipelines.get(one.kernel));
    pass.setBindGroup(0, this.groupOf(one.kernel.layout, source), [workspace.offsetOf(one)]);
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
