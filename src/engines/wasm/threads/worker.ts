/**
 * The program of a worker, as text: a bundler would have to know of a file, and would rewrite a function. What it does is
 * what `Pool` does with its own chunks; see `control.ts` for the words that they share.
 */
import {
  ARGUMENTS_BYTES,
  ARITY,
  ASLEEP,
  CHUNK,
  CHUNK_BITS,
  DONE,
  ENDS,
  ITEMS,
  KERNEL,
  LINGER_MS,
  MOST_CHUNKS,
  PLACE,
  STEPS,
  TICKET,
} from './control';

/** What a worker is given when it starts. */
export interface WorkerData {
  /** The words of `control.ts`. */
  readonly control: SharedArrayBuffer;
  readonly memory: WebAssembly.Memory;
  readonly modules: readonly WebAssembly.Module[];
  /** By number: in which module a kernel is, and its name. */
  readonly kernels: readonly (readonly [module: number, name: string])[];
  /** 1 and up: the caller's is 0. No two that compute have the same. */
  readonly number: number;
}

export const workerText = `
const isNode = typeof require === 'function';
const threads = isNode && require('node:worker_threads');
function work({control, memory, modules, kernels, number}) {
  const words = new Int32Array(control);
  const numbers = new Float64Array(control, ${ARGUMENTS_BYTES});
  const exports = modules.map((module) => new WebAssembly.Instance(module, {env: {memory}}).exports);
  for (const {useThread} of exports) useThread?.(number);
  const functions = kernels.map(([module, name]) => exports[module][name]);
  function take(ticket) {
    const kernel = functions[words[${KERNEL}]];
    const items = words[${ITEMS}];
    const chunk = words[${CHUNK}];
    const place = words[${PLACE}];
    const all = Math.ceil(items / chunk);
    const args = Array.from(numbers.subarray(0, words[${ARITY}]));
    const steps = Array.from(words.subarray(${STEPS}, ${STEPS} + args.length));
    const list = ticket >> ${CHUNK_BITS};
    while (ticket & ${MOST_CHUNKS} && ticket >> ${CHUNK_BITS} === list) {
      const seen = Atomics.compareExchange(words, ${TICKET}, ticket, ticket - 1);
      if (seen === ticket) {
        const first = (all - (ticket & ${MOST_CHUNKS})) * chunk;
        const own = args.map((arg, i) => arg + first * steps[i]);
        own[place] = Math.min(chunk, items - first);
        kernel(...own);
        Atomics.add(words, ${DONE}, 1);
        ticket = Atomics.load(words, ${TICKET});
      } else ticket = seen;
    }
  }
  const owner = isNode ? threads.parentPort : self;
  owner.postMessage('ready');
  for (let since = performance.now(), turns = 0; Atomics.load(words, ${ENDS} + number) === 0; ) {
    const ticket = Atomics.load(words, ${TICKET});
    if (ticket & ${MOST_CHUNKS}) take(ticket);
    else if (++turns & 63 || performance.now() - since < ${LINGER_MS}) continue;
    else {
      Atomics.add(words, ${ASLEEP}, 1);
      Atomics.wait(words, ${TICKET}, ticket);
      Atomics.sub(words, ${ASLEEP}, 1);
    }
    since = performance.now();
  }
  owner.postMessage('ended');
  if (!isNode) close();
}
if (isNode) work(threads.workerData);
else onmessage = ({data}) => work(data);
`;
