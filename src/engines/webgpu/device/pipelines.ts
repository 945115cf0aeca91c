/** A device's pipelines: each kernel is compiled once, at first use, or all of them beforehand without blocking. */
import {BINDINGS, KERNELS, PARAMETER_BYTES, type Kernel, type LayoutName} from '../wgsl/kernel';

interface Layout {
  readonly group: GPUBindGroupLayout;
  readonly pipeline: GPUPipelineLayout;
}

/** For tests, before a device is first used: whether its kernels count the products that they compute. */
export const debugging = {countsProducts: false};

export class Pipelines {
  private readonly layouts = new Map<LayoutName, Layout>();
  private readonly compiled = new Map<Kernel, GPUComputePipeline>();
  private preparing: Promise<void> | null = null;

  constructor(private readonly device: GPUDevice) {}

  get(kernel: Kernel): GPUComputePipeline {
    const found = this.compiled.get(kernel);
    if (found) return found;
    const pipeline = this.device.createComputePipeline(this.descriptorOf(kernel));
    this.compiled.set(kernel, pipeline);
    return pipeline;
  }

  /** Resolves once all kernels are compiled. */
  prepare(): Promise<void> {
    this.preparing ??= this.compileAll();
    return this.preparing;
  }

  /** What a kernel of this layout is given: its parameters, bound at an offset of each call's own, and these. */
  bind(layout: LayoutName, parameters: GPUBuffer, resources: readonly GPUBindingResource[]): GPUBindGroup {
    const entries = resources.map((resource, i) => ({binding: i + 1, resource}));
    return this.device.createBindGroup({
      layout: this.layoutOf(layout).group,
      entries: [{binding: 0, resource: {buffer: parameters, size: PARAMETER_BYTES}}, ...entries],
    });
  }

  private async compileAll(): Promise<void> {
    const missing = KERNELS.filter((kernel) => !this.compiled.has(kernel));
    await Promise.all(
      missing.map(async (kernel) => {
        const pipeline = await this.device.createComputePipelineAsync(this.descriptorOf(kernel));
        if (!this.compiled.has(kernel)) this.compiled.set(kernel, pipeline);
      }),
    );
  }

  private descriptorOf({name, layout, code}: Kernel): GPUComputePipelineDescriptor {
    const module = this.device.createShaderModule({label: name, code});
    const constants = layout === 'op' && debugging.countsProducts ? {countsProducts: 1} : undefined;
    const compute = {module, entryPoint: 'main', constants};
    return {label: name, layout: this.layoutOf(layout).pipeline, compute};
  }

  private layoutOf(name: LayoutName): Layout {
    const found = this.layouts.get(name);
    if (found) return found;
    const {device} = this;
    const visibility = GPUShaderStage.COMPUTE;
    const group = device.createBindGroupLayout({
      entries: [
        {binding: 0, visibility, buffer: {type: 'uniform', hasDynamicOffset: true}},
        ...BINDINGS[name].map((binding, i) => ({...binding, binding: i + 1, visibility})),
      ],
    });
    const layout = {group, pipeline: device.createPipelineLayout({bindGroupLayouts: [group]})};
    this.layouts.set(name, layout);
    return layout;
  }
}

const ofDevices = new WeakMap<GPUDevice, Pipelines>();

export function pipelinesOf(device: GPUDevice): Pipelines {
  const found = ofDevices.get(device) ?? new Pipelines(device);
  ofDevices.set(device, found);
  return found;
}
