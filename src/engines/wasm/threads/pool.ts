/**
 * The threads of one instance of the kernels: a list is shared with those that are awake. The caller takes chunks like they do, and
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
import {Crew} from './crew';
import {LostThread, type Forks, type Kernel} from './forks';
import type {startThread as startInHost} from './host';
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
  private readonly crew: Crew;
  private readonly modules: WebAssembly.Module[] = [];
  /** By number, and what workers are told of each. */
  private readonly kernels: Kernel[] = [];
  private readonly names: WorkerData['kernels'][number][] = [];
  private readonly pace = new Pace();
  private readonly canSleep = maySleep(this.words);
  private tuning = TUNING;
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
    memory: WebAssembly.Memory,
    private readonly msPerMac: number,
    private readonly onLost: () => void,
    startThread?: typeof startInHost,
  ) {
    const dataFor = (number: number): WorkerData => {
      const {control, modules, names: kernels} = this;
      return {control, memory, modules, kernels, number};
    };
    this.crew = new Crew(this.words, dataFor, () => this.note(), startThread);
  }

  /** Threads that compute, the caller's among them. */
  get count(): number {
    return 1 + this.crew.count;
  }

  get threads(): number {
    return 1 + this.crew.highest;
  }

  /** Why there are no workers, a clause; null where there are. */
  get reason(): string | null {
    return this.crew.reason;
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
    this.crew.restart();
    return {...alone, ...Object.fromEntries(sharing)};
  }

  /** Resolves once there are so many threads, the caller's among them, or no more can be had. */
  resize(count: number): Promise<void> {
    return this.crew.resize(count);
  }

  /** @internal For tests. */
  tune(tuning: Partial<Tuning>): void {
    this.tuning = {...TUNING, ...tuning};
    this.note();
  }

  /** @internal Ends a worker as a host may, for tests. */
  endOne(): void {
    this.crew.endOne();
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
    this.crew.abandon();
    this.onLost();
    throw new LostThread();
  }

  private note(): void {
    this.least = this.crew.count === 0 ? Infinity : this.tuning.sharedMs / this.msPerMac;
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
