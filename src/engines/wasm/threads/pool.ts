/**
 * The workers of one instance of the kernels: a list is shared with those that are awake. The caller takes chunks like they do, and
 * waits at the end for what others have taken; nobody waits for a worker to come. Between lists no worker touches the memory, so
 * that it can grow.
 */
import {
  ARGUMENTS_BYTES,
  ARITY,
  ASLEEP,
  CHUNK,
  CHUNK_BITS,
  CONTROL_BYTES,
  DONE,
  ITEMS,
  KERNEL,
  MOST_CHUNKS,
  PLACE,
  STEPS,
  TICKET,
} from './control';
import {LostThread, type Forks, type Kernel} from './forks';
import {startThread as startInHost, type Thread} from './host';
import {Pace} from './pace';
import {chunkOf} from './split';
import type {WorkerData} from './worker';

/** Milliseconds after which a chunk that was taken is given up. Spans in which the whole process stood still do not count. */
const LATE_MS = 2000;
const LONGEST_TURN_MS = 20;

/** When a list is shared, and how. Tests share all, and leave it to the workers. */
export interface Tuning {
  /** Milliseconds that a list has to take at least to be shared. */
  readonly sharedMs: number;
  /** Milliseconds that lists have to take, one soon after the other, for workers that sleep to be woken. */
  readonly wokenMs: number;
  /** Items a chunk, whole units of them. */
  chunkOf(n: number, threads: number, itemMs: number, unit: number): number;
  /** Whether the caller takes chunks, too. */
  readonly callerTakes: boolean;
  /** Whether lists are shared even where that was measured not to pay. */
  readonly always: boolean;
  /** Whether a chunk more is waited for than there are, as for one that a thread took and does not end. */
  readonly loses: boolean;
}

const TUNING: Tuning = {
  sharedMs: 0.04,
  wokenMs: 0.4,
  chunkOf,
  callerTakes: true,
  always: false,
  loses: false,
};

/** Lists that are no further apart than this come one soon after the other. */
const SOON_MS = 2;

/** Milliseconds of looking again and again before the caller sleeps for as long between two looks. */
const SPUN_MS = 0.1;

/** More kernels than there are. */
const MOST_KERNELS = 256;

/** Milliseconds in which a worker has to be there. */
const STARTED_MS = 10_000;

/** Workers that may end in a pool's life and be replaced. */
const MOST_REPLACED = 100;

/** A list that is shared, as `Forks.run` has it. */
interface List {
  readonly kernel: number;
  readonly n: number;
  readonly place: number;
  readonly unit: number;
  readonly args: readonly number[];
  readonly steps: readonly number[];
}

export class Pool implements Forks {
  least = Infinity;
  private readonly control = new SharedArrayBuffer(CONTROL_BYTES);
  private readonly words = new Int32Array(this.control);
  private readonly numbers = new Float64Array(this.control, ARGUMENTS_BYTES);
  /** And when each has ended. */
  private readonly workers = new Map<Thread, Promise<void>>();
  private readonly ready = new Set<Thread>();
  /** Each resolves once a worker is there, or is known not to come. */
  private readonly starting = new Set<Promise<void>>();
  private readonly modules: WebAssembly.Module[] = [];
  /** By number, and what workers are told of each. */
  private readonly kernels: Kernel[] = [];
  private readonly names: WorkerData['kernels'][number][] = [];
  private readonly pace = new Pace();
  private readonly canSleep = maySleep(this.words);
  private tuning = TUNING;
  private wanted = 1;
  private replaced = 0;
  /** Numbers of the workers that were started and have not ended. */
  private readonly taken = new Set<number>();
  /** Those that were stopped and have not ended. */
  private readonly ending = new Set<Promise<void>>();
  /** Of the list that was shared last. */
  private number = 0;
  /** When the last list came; and what it and those right before it took, or would have, since workers sleep. */
  private lastMs = 0;
  private missedMs = 0;

  /**
   * @param msPerMac of a multiply-add of a convolution
   * @param onLost called once, when a thread is given up
   */
  constructor(
    private readonly memory: WebAssembly.Memory,
    private readonly msPerMac: number,
    private readonly onLost: () => void,
    private readonly startThread = startInHost,
  ) {}

  /** Threads that compute, the caller's among them. */
  get count(): number {
    return 1 + this.ready.size;
  }

  get threads(): number {
    return 1 + Math.max(0, ...this.taken);
  }

  /** Why there are no workers, a clause; null where there are. */
  get reason(): string | null {
    if (this.ready.size > 0) return null;
    if (this.wanted > 1)
      return this.workers.size > 0 ? 'workers are being started' : 'this host starts no workers';
    return 'one is wanted, or none was asked for: ready() and setThreads() start others';
  }

  /**
   * The kernels of a module, of which some share their lists. Workers that are there already start anew, with these, too.
   * @param alone the kernels as they are
   * @param forked makes of some of them others that share their lists
   */
  share<K extends object>(
    module: WebAssembly.Module,
    alone: K,
    forked: {readonly [name: string]: (alone: K, forks: Forks, number: number) => unknown},
  ): K {
    const place = this.modules.push(module) - 1;
    const sharing = Object.entries(forked).map(([name, fork]) => {
      const number = this.kernels.push((alone as Record<string, Kernel>)[name]) - 1;
      this.names.push([place, name]);
      return [name, fork(alone, this, number)];
    });
    if (this.wanted > 1) {
      this.stop();
      void this.resize(this.wanted);
    }
    return {...alone, ...Object.fromEntries(sharing)};
  }

  /** Resolves once there are so many threads, the caller's among them, or no more can be had. */
  async resize(count: number): Promise<void> {
    this.wanted = count;
    if (count - 1 < this.workers.size) this.stop();
    // Their numbers are free again then.
    if (this.ending.size > 0) await this.ended();
    for (let missing = this.wanted - 1 - this.workers.size; missing > 0; missing--) this.add();
    await Promise.all(this.starting);
  }

  /** Resolves once the workers that were stopped have ended. */
  private async ended(): Promise<void> {
    let timer: ReturnType<typeof setTimeout>;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, STARTED_MS)));
    await Promise.race([late, Promise.all(this.ending)]);
    clearTimeout(timer!);
  }

  /** @internal For tests. */
  tune(tuning: Partial<Tuning>): void {
    this.tuning = {...TUNING, ...tuning};
    this.note();
  }

  /** @internal Ends a worker as a host may, for tests. */
  endOne(): void {
    for (const thread of this.workers.keys()) return thread.terminate();
  }

  /** Ends all workers. */
  stop(): void {
    for (const [thread, ended] of this.workers) {
      thread.terminate();
      const known = ended.finally(() => this.ending.delete(known));
      this.ending.add(known);
    }
    this.workers.clear();
    this.ready.clear();
    this.note();
  }

  run(
    kernel: number,
    n: number,
    cost: number,
    place: number,
    unit: number,
    args: readonly number[],
    steps: readonly number[],
  ): void {
    const start = performance.now();
    if (start - this.lastMs > SOON_MS) this.missedMs = 0;
    this.lastMs = start;
    const kind = kernel + MOST_KERNELS * cost;
    if (this.tuning.always || this.pace.shares(kind, start)) {
      this.runShared({kernel, n, place, unit, args, steps}, cost * this.msPerMac);
      const end = performance.now();
      this.pace.noteShared(kind, n, end - start, end);
    } else {
      this.kernels[kernel](...args);
      const end = performance.now();
      this.pace.noteAlone(kind, n, end - start, end);
    }
  }

  private runShared(list: List, itemMs: number): void {
    const {words, tuning} = this;
    const {n, args} = list;
    const chunk = tuning.chunkOf(n, this.count, itemMs, list.unit);
    const all = Math.ceil(n / chunk);
    words[KERNEL] = list.kernel;
    words[ITEMS] = n;
    words[CHUNK] = chunk;
    words[ARITY] = args.length;
    words[PLACE] = list.place;
    words.set(list.steps, STEPS);
    this.numbers.set(args);
    Atomics.store(words, DONE, 0);
    this.number++;
    Atomics.store(words, TICKET, (this.number << CHUNK_BITS) | all);
    if (Atomics.load(words, ASLEEP) > 0) this.wakeFor(n * itemMs);
    const own = tuning.callerTakes ? this.take(list, chunk, all) : 0;
    this.join(all - own + Number(tuning.loses));
  }

  /** Wakes workers, which costs the caller as much as a small list, once enough came that they could have helped with. */
  private wakeFor(ms: number): void {
    this.missedMs += ms;
    if (this.missedMs < this.tuning.wokenMs) return;
    this.missedMs = 0;
    Atomics.notify(this.words, TICKET);
  }

  /** Does what nobody else does; returns how many chunks that were. */
  private take({kernel, n, place, args, steps}: List, chunk: number, all: number): number {
    const {words} = this;
    const run = this.kernels[kernel];
    let done = 0;
    let ticket = Atomics.load(words, TICKET);
    while ((ticket & MOST_CHUNKS) !== 0) {
      const seen = Atomics.compareExchange(words, TICKET, ticket, ticket - 1);
      if (seen === ticket) {
        const first = (all - (ticket & MOST_CHUNKS)) * chunk;
        const own = args.map((arg, i) => arg + first * steps[i]);
        own[place] = Math.min(chunk, n - first);
        run(...own);
        done++;
        ticket = Atomics.load(words, TICKET);
      } else ticket = seen;
    }
    return done;
  }

  /** Waits for so many chunks of others. */
  private join(others: number): void {
    const {words} = this;
    let done = Atomics.load(words, DONE);
    if (done === others) return;
    let waited = 0;
    for (let since = performance.now(), turns = 0; done !== others; done = Atomics.load(words, DONE)) {
      if ((++turns & 63) !== 0) continue;
      const now = performance.now();
      waited += Math.min(now - since, LONGEST_TURN_MS);
      since = now;
      if (waited > LATE_MS) this.lose();
      // The one that is waited for may need this very core.
      if (waited > SPUN_MS && this.canSleep) Atomics.wait(words, DONE, done, SPUN_MS);
    }
  }

  private lose(): never {
    this.wanted = 1;
    this.stop();
    this.onLost();
    throw new LostThread();
  }

  private note(): void {
    this.least = this.ready.size === 0 ? Infinity : this.tuning.sharedMs / this.msPerMac;
  }

  /** Starts a further worker. */
  private add(): void {
    let number = 1;
    while (this.taken.has(number)) number++;
    this.taken.add(number);
    let noteEnded: () => void;
    const ended = new Promise<void>((resolve) => (noteEnded = resolve));
    const started = new Promise<void>((resolve) => {
      const onEnd = () => {
        clearTimeout(timer);
        resolve();
        this.taken.delete(number);
        noteEnded();
        if (!this.workers.delete(thread)) return;
        const wasReady = this.ready.delete(thread);
        this.note();
        if (wasReady && this.replaced++ < MOST_REPLACED) this.add();
      };
      const onReady = () => {
        clearTimeout(timer);
        if (this.workers.has(thread)) this.ready.add(thread);
        this.note();
        resolve();
      };
      const {control, memory, modules, names: kernels} = this;
      const thread = this.startThread({control, memory, modules, kernels, number}, {onReady, onEnd});
      this.workers.set(thread, ended);
      const timer = setTimeout(() => {
        thread.terminate();
        onEnd();
      }, STARTED_MS);
    });
    // A host that refuses workers at once has none, as one has that ends them.
    const known = started
      .catch(() => void this.taken.delete(number))
      .finally(() => this.starting.delete(known));
    this.starting.add(known);
  }
}

/** Whether this thread may sleep; the main thread of a page may only look again and again. */
function maySleep(words: Int32Array<SharedArrayBuffer>): boolean {
  try {
    Atomics.wait(words, DONE, 0, 0);
    return true;
  } catch {
    return false;
  }
}
