/**
 * The compiled kernels of frames: what they export, and the two builds they come in. One instance serves the whole process, so
 * that its build, and with it every bit of every result, is chosen once.
 *
 * All pointers are byte addresses in the instance's memory; what each kernel does is said where it is written, in
 * `assembly/`.
 */
import * as texts from './binaries';
import type {Kernels} from './kernel-signatures';
import {forSharedMemory, isShared, noThreadsReason, sharedMemory, type Pool} from './threads';
import {patched, unpack} from './unpack';

export {bind, forked, type Kernels} from './kernel-signatures';

/** With SIMD, and with relaxed SIMD besides, whose multiply-add rounds once. */
export const BUILDS = ['simd', 'relaxed'] as const;
export type BuildName = (typeof BUILDS)[number];

/** Memory begins with what the kernels keep of their own (tables of exp and log): it ends before here. */
export const HEAP_START = 65536;
const PAGE = 65536;
/** Pages of 64 KiB: 4 GiB, all that 32 bits can address. */
const MOST_PAGES = 65536;

export interface Instance {
  readonly build: BuildName;
  /** Milliseconds of a multiply-add of a convolution, as far as was measured. */
  msPerMac: number;
  readonly kernels: Kernels;
  readonly memory: WebAssembly.Memory;
  /** Its threads; left out where its memory is none that they could share. */
  readonly pool?: Pool;
  /** Set where a thread was lost that may yet write into its memory: nothing there can be trusted any more. */
  isLost?: boolean;
}

/** The binary of a module for a memory as it is. */
export const forMemory = (binary: Uint8Array<ArrayBuffer>, memory: WebAssembly.Memory) =>
  isShared(memory) ? forSharedMemory(binary) : binary;

/** A module's two builds, as scripts/kernels.mjs writes them. */
export interface Texts {
  readonly order: string;
  readonly simd: string;
  readonly relaxed: string;
}

/** The binary of a module's build. */
export function binaryFrom({order, simd, relaxed}: Texts, build: BuildName): Uint8Array<ArrayBuffer> {
  const binary = unpack(simd, order);
  return build === 'simd' ? binary : patched(binary, unpack(relaxed, order));
}

/** @returns null where the host cannot run the build */
export function binaryOf(build: BuildName): Uint8Array<ArrayBuffer> | null {
  const binary = binaryFrom(texts, build);
  return WebAssembly.validate(binary) ? binary : null;
}

/** A memory for kernels, which threads can share where this host has any. */
export function newMemory(): WebAssembly.Memory {
  const initial = HEAP_START / PAGE + 1;
  const shared = noThreadsReason() === null ? sharedMemory(initial) : null;
  return shared ?? new WebAssembly.Memory({initial, maximum: MOST_PAGES});
}

export function instantiate(
  build: BuildName,
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Instance {
  const {exports} = new WebAssembly.Instance(module, {env: {memory}});
  return {build, msPerMac: 0, kernels: exports as unknown as Kernels, memory};
}
