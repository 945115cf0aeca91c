/** The workers of a pool: starting them, replacing those that end, ending them. What they compute is the pool's affair. */
import {CHUNK_BITS, ENDS, TICKET} from './control';
import {startThread as startInHost, type Thread} from './host';
import type {WorkerData} from './worker';

/** Milliseconds in which a worker has to be there, or to be gone. */
const PATIENCE_MS = 10_000;

/** Workers that may end in a crew's life and be replaced. */
const MOST_REPLACED = 100;

interface Member {
  readonly number: number;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
}

export class Crew {
  private readonly members = new Map<Thread, Member>();
  private readonly ready = new Set<Thread>();
  /** Each resolves once a worker is there, or is known not to come. */
  private readonly starting = new Set<Promise<void>>();
  /** Of those that were dismissed and have not ended. */
  private readonly ending = new Set<Promise<void>>();
  /** Numbers of the workers that were started and have not ended: no two that may compute have the same. */
  private readonly taken = new Set<number>();
  private wanted = 1;
  private replaced = 0;

  /**
   * @param words of `control.ts`
   * @param dataFor what a worker is given
   * @param onChange called when workers came or went
   */
  constructor(
    private readonly words: Int32Array<SharedArrayBuffer>,
    private readonly dataFor: (number: number) => WorkerData,
    private readonly onChange: () => void,
    private readonly startThread = startInHost,
  ) {}

  /** Workers that compute. */
  get count(): number {
    return this.ready.size;
  }

  /** The largest number of a worker that may compute; 0 where there is none. */
  get highest(): number {
    return Math.max(0, ...this.taken);
  }

  /** Why there are no workers, a clause; null where there are. */
  get reason(): string | null {
    if (this.ready.size > 0) return null;
    if (this.wanted > 1)
      return this.members.size > 0 ? 'workers are being started' : 'this host starts no workers';
    return 'one is wanted, or none was asked for: ready() and setThreads() start others';
  }

  /** Resolves once there are so many threads, the caller's among them, or no more can be had. */
  async resize(count: number): Promise<void> {
    this.wanted = count;
    if (count - 1 < this.members.size) this.dismissAll();
    // Their numbers are free again then.
    if (this.ending.size > 0) await this.ended();
    for (let missing = this.wanted - 1 - this.members.size; missing > 0; missing--) this.add();
    await Promise.all(this.starting);
  }

  /** Workers that are there start anew, for they are given something else now. */
  restart(): void {
    if (this.wanted === 1) return;
    this.dismissAll();
    void this.resize(this.wanted);
  }

  /** Ends all workers, one of which does not do what it should. */
  abandon(): void {
    this.wanted = 1;
    for (const thread of this.members.keys()) thread.terminate();
    this.members.clear();
    this.ready.clear();
    this.onChange();
  }

  /** @internal Ends a worker as a host may, for tests. */
  endOne(): void {
    for (const thread of this.members.keys()) return thread.terminate();
  }

  private dismissAll(): void {
    for (const [thread, member] of this.members) this.dismiss(thread, member);
    this.onChange();
  }

  /** Has a worker end. Until it has, nobody gets its number: a browser may let it go on for seconds. */
  private dismiss(thread: Thread, {number, ended}: Member): void {
    this.members.delete(thread);
    this.ready.delete(thread);
    Atomics.store(this.words, ENDS + number, 1);
    // Another list, of nothing: one that is about to sleep does not, then.
    Atomics.add(this.words, TICKET, 1 << CHUNK_BITS);
    Atomics.notify(this.words, TICKET);
    thread.dismiss();
    const known = ended.finally(() => this.ending.delete(known));
    this.ending.add(known);
  }

  /** Resolves once the workers that were dismissed have ended, or patience has. */
  private async ended(): Promise<void> {
    let timer: ReturnType<typeof setTimeout>;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, PATIENCE_MS)));
    await Promise.race([late, Promise.all(this.ending)]);
    clearTimeout(timer!);
  }

  /** Starts a further worker. */
  private add(): void {
    let number = 1;
    while (this.taken.has(number)) number++;
    this.taken.add(number);
    Atomics.store(this.words, ENDS + number, 0);
    // A host that refuses workers at once has none, as one has that ends them.
    const started = this.start(number).catch(() => void this.taken.delete(number));
    const known = started.finally(() => this.starting.delete(known));
    this.starting.add(known);
  }

  /** Resolves once the worker is there, or is known not to come. */
  private start(number: number): Promise<void> {
    let noteEnded: () => void;
    const ended = new Promise<void>((resolve) => (noteEnded = resolve));
    return new Promise<void>((resolve) => {
      const onReady = () => {
        clearTimeout(timer);
        if (this.members.has(thread)) this.ready.add(thread);
        this.onChange();
        resolve();
      };
      const onEnd = () => {
        clearTimeout(timer);
        this.taken.delete(number);
        noteEnded();
        resolve();
        if (!this.members.delete(thread)) return;
        const wasReady = this.ready.delete(thread);
        this.onChange();
        if (wasReady && this.replaced++ < MOST_REPLACED) this.add();
      };
      const thread = this.startThread(this.dataFor(number), {onReady, onEnd});
      const member = {number, ended};
      this.members.set(thread, member);
      // It also keeps a process of Node's from ending while it awaits the worker, which does not.
      const timer = setTimeout(() => {
        this.dismiss(thread, member);
        resolve();
      }, PATIENCE_MS);
    });
  }
}
