/** Backends whose tensors are in the processor's own memory: reading one waits for nobody. */
export const ON_CPU: ReadonlySet<string> = new Set(['cpu', 'wasm', 'tensorflow']);
