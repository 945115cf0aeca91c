/**
 * What a kernel is: its WGSL, the parameters it reads, and which buffers it is given. Kernels of one layout share their
 * bindings; a call of a kernel is told apart by its parameters alone, which lie in one uniform buffer.
 */

/** A kernel's parameters by name, with their WGSL types. */
export type Fields = Readonly<Record<string, 'u32' | 'i32' | 'f32'>>;
export type Parameters<F extends Fields> = {readonly [K in keyof F]: number};

/**
 * - `region`: marks what a change reaches and lists it. Masks are read; the list and the control record written.
 * - `op`: computes what is listed. List and control are read; activations, masks and scratch written.
 * - `source`: takes values from a buffer that is not ours; `picture`: from a texture.
 * - `output`: writes values for callers.
 */
export type LayoutName = 'region' | 'op' | 'source' | 'picture' | 'output';

export interface Kernel<F extends Fields = Fields> {
  readonly name: string;
  readonly layout: LayoutName;
  readonly fields: F;
  readonly code: string;
}

/** Bytes between the parameters of two calls: what every device can bind a uniform buffer at. */
export const PARAMETER_BYTES = 256;

/** Invocations of a workgroup, of every kernel. */
export const WORKGROUP = 64;

const DECLARATIONS: Readonly<Record<LayoutName, string>> = {
  region: `
@group(0) @binding(1) var<storage, read> masks: array<u32>;
@group(0) @binding(2) var<storage, read_write> control: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read_write> list: array<u32>;
@group(0) @binding(4) var<storage, read> tables: array<u32>;`,
  op: `
@group(0) @binding(1) var<storage, read_write> values: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> masks: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read> control: array<u32>;
@group(0) @binding(4) var<storage, read> list: array<u32>;
@group(0) @binding(5) var<storage, read> weights: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read> tables: array<u32>;
@group(0) @binding(7) var<storage, read_write> scratch: array<vec4<f32>>;
override countsProducts: bool = false;`,
  source: `
@group(0) @binding(1) var<storage, read_write> values: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> masks: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read> control: array<u32>;
@group(0) @binding(4) var<storage, read> source: array<u32>;`,
  picture: `
@group(0) @binding(1) var<storage, read_write> values: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> masks: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read> control: array<u32>;
@group(0) @binding(4) var source: texture_2d<f32>;`,
  output: `
@group(0) @binding(1) var<storage, read> values: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> packed: array<f32>;`,
};

type Binding = Omit<GPUBindGroupLayoutEntry, 'binding' | 'visibility'>;
const read: Binding = {buffer: {type: 'read-only-storage'}};
const write: Binding = {buffer: {type: 'storage'}};

/** What is bound after the parameters, in order. */
export const BINDINGS: Readonly<Record<LayoutName, readonly Binding[]>> = {
  region: [read, write, write, read],
  op: [write, write, read, read, read, read, write],
  source: [write, write, read, read],
  picture: [write, write, read, {texture: {sampleType: 'unfilterable-float'}}],
  output: [read, write],
};

const made: Kernel[] = [];

/** Every kernel there is, once all modules are loaded: a fixed set, so that all can be compiled before the first frame. */
export const KERNELS: readonly Kernel[] = made;

/** A kernel of its body and the parts it is put together from. */
export function kernel<F extends Fields>(
  name: string,
  layout: LayoutName,
  fields: F,
  ...code: readonly string[]
): Kernel<F> {
  const struct = Object.entries(fields).map(([field, type]) => `  ${field}: ${type},`);
  const parameters = `struct Parameters {\n${struct.join('\n')}\n}\n@group(0) @binding(0) var<uniform> p: Parameters;`;
  const one = {name, layout, fields, code: [parameters, DECLARATIONS[layout], ...code].join('\n')};
  made.push(one);
  return one;
}

/** Writes a call's parameters, as the kernel's struct has them. */
export function writeParameters<F extends Fields>(
  {fields}: Kernel<F>,
  parameters: Parameters<F>,
  into: ArrayBuffer,
  at: number,
): void {
  const view = new DataView(into, at, PARAMETER_BYTES);
  Object.entries(fields).forEach(([field, type], i) => {
    const value = parameters[field];
    if (type === 'f32') view.setFloat32(4 * i, value, true);
    else view.setInt32(4 * i, value | 0, true);
  });
}
