/** Threads as the host has them: workers of Node, and of browsers. */
import {workerText, type WorkerData} from './worker';

/** A thread that was started. */
export interface Thread {
  /** For one that was told to end, in the words of `control.ts`: where it cannot say that it has, it is ended here. */
  dismiss(): void;
  /** Ends it, whatever it does. Browsers let it go on for seconds, and do not tell when it has ended. */
  terminate(): void;
}

/** What its owner is told of a thread. */
export interface ThreadEvents {
  onReady(): void;
  /** It ended, or never began. */
  onEnd(): void;
}

/** Of Node's worker_threads and os what is used here; the library is compiled without Node's types. */
interface NodeWorker {
  on(event: 'message' | 'error' | 'exit', listener: (given: unknown) => void): void;
  unref(): void;
  terminate(): Promise<unknown>;
}
interface NodeThreads {
  readonly Worker: new (text: string, options: object) => NodeWorker;
}
interface NodeOs {
  availableParallelism(): number;
}
interface NodeProcess {
  getBuiltinModule?(name: 'node:worker_threads'): NodeThreads;
  getBuiltinModule?(name: 'node:os'): NodeOs;
}

interface Host {
  readonly process?: NodeProcess;
  readonly crossOriginIsolated?: boolean;
  readonly navigator?: {readonly hardwareConcurrency?: number};
}

const host = (): Host => globalThis as unknown as Host;

/** By name when asked for, so that no bundler looks for a module of Node's. */
const nodeThreads = () => host().process?.getBuiltinModule?.('node:worker_threads');

/** Cores that this process may use. */
export function coreCount(): number {
  const {process, navigator} = host();
  return process?.getBuiltinModule?.('node:os').availableParallelism() ?? navigator?.hardwareConcurrency ?? 1;
}

/** Why this host has no threads that share a memory, a clause; null where it has. */
export function noThreadsReason(): string | null {
  // Results on several threads were seen to be wrong in Deno 2.9; why is not known.
  if ('Deno' in globalThis) return 'threads are not used in Deno';
  if (host().crossOriginIsolated === false) return 'this page is not cross-origin isolated';
  if (typeof SharedArrayBuffer === 'undefined') return 'this host has no shared memory';
  return nodeThreads() || typeof Worker !== 'undefined' ? null : 'this host has no workers';
}

/** @throws where the host refuses */
export function startThread(data: WorkerData, events: ThreadEvents): Thread {
  const threads = nodeThreads();
  return threads ? startInNode(threads, data, events) : startInBrowser(data, events);
}

/** It does not hold up the end of the process, and takes over nothing of how that was started. */
function startInNode({Worker}: NodeThreads, data: WorkerData, {onReady, onEnd}: ThreadEvents): Thread {
  const worker = new Worker(workerText, {eval: true, workerData: data, execArgv: [], env: {}});
  worker.on('message', (message) => message === 'ready' && onReady());
  // What went wrong is of no use to anyone: an exit follows.
  worker.on('error', () => undefined);
  worker.on('exit', onEnd);
  worker.unref();
  const terminate = () => void worker.terminate();
  return {dismiss: terminate, terminate};
}

function startInBrowser(data: WorkerData, {onReady, onEnd}: ThreadEvents): Thread {
  const url = URL.createObjectURL(new Blob([workerText], {type: 'text/javascript'}));
  const worker = new Worker(url, {name: 'tfjs-reuse'});
  worker.onmessage = ({data: message}) => {
    URL.revokeObjectURL(url);
    if (message === 'ready') onReady();
    else onEnd();
  };
  worker.onerror = (event) => {
    // It is told here; the page need not hear of it.
    event.preventDefault();
    worker.terminate();
    onEnd();
  };
  worker.postMessage(data);
  return {dismiss: () => undefined, terminate: () => worker.terminate()};
}
