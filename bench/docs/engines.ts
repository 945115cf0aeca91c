/** The engines as the documentation has them: what each is called, and which ops it computes and differentiates. */
import type {Engine} from '../../src/engines';
import {computes as portable} from '../../src/engines/tfjs/ops';
import {computes as wasm} from '../../src/engines/wasm/ops';
import {backwardOf} from '../../src/engines/wasm/ops/backward';
import {computes as webgpu} from '../../src/engines/webgpu/ops';
import type {OpKind} from '../../src/graph';

interface ShownEngine {
  readonly title: string;
  computes(kind: OpKind): boolean;
  /** Whether it goes back through an op that has a gradient at all. */
  differentiates(kind: OpKind): boolean;
}

export const ENGINES: Readonly<Record<Exclude<Engine['name'], 'model'>, ShownEngine>> = {
  wasm: {title: 'WebAssembly', computes: wasm, differentiates: (kind) => backwardOf(kind) !== null},
  // Its `record` refuses.
  webgpu: {title: 'WebGPU', computes: webgpu, differentiates: () => false},
  // Tfjs differentiates what it computes.
  tfjs: {title: 'portable', computes: portable, differentiates: () => true},
};

/** The titles of those of which something holds. */
export const titlesOf = (holds: (engine: ShownEngine) => boolean): string[] =>
  Object.values(ENGINES)
    .filter(holds)
    .map(({title}) => title);
