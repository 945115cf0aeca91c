/** Who computes dense frames: what each side is called in options and in JSON, and where it can run. It runs nothing. */

/** In the order of the tables; `engine` is this library's, its cache emptied before each frame. */
export const LIBRARIES = ['tfjs-wasm', 'engine', 'litert', 'onnx-web', 'tfjs-node', 'onnx-node'] as const;
export type Library = (typeof LIBRARIES)[number];

export type Threads = 1 | 2;

export interface Side {
  readonly library: Library;
  readonly threads: Threads;
}

export type HostKind = 'node' | 'browser';

const THREADS: Readonly<Record<HostKind, Readonly<Record<Library, readonly Threads[]>>>> = {
  // tfjs's wasm backend has no threads in Node.
  node: {
    'tfjs-wasm': [1],
    engine: [1, 2],
    litert: [1, 2],
    'onnx-web': [1, 2],
    'tfjs-node': [1, 2],
    'onnx-node': [1, 2],
  },
  browser: {
    'tfjs-wasm': [1, 2],
    engine: [1, 2],
    litert: [1, 2],
    'onnx-web': [1, 2],
    'tfjs-node': [],
    'onnx-node': [],
  },
};

export function sidesOn(kind: HostKind, libraries: readonly Library[] = LIBRARIES): Side[] {
  return libraries.flatMap((library) => THREADS[kind][library].map((threads) => ({library, threads})));
}

/** As JSON and messages have it: `litert-2`. */
export const sideId = ({library, threads}: Side): string => `${library}-${threads}`;

/** In the order of the tables. */
export const ALL_SIDES: readonly Side[] = LIBRARIES.flatMap((library) => {
  const threads = [...new Set([...THREADS.node[library], ...THREADS.browser[library]])];
  return threads.map((count) => ({library, threads: count}));
});
