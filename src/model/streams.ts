/** The streams that the frames of a model with reuse belong to, and which of them took the last one. */
import {ActivationCache} from '../cache';
import type {Program} from '../engines';
import {AllCaches, Stream, type StreamOptions} from '../stream';
import type {ResolvedOptions} from './options';
import type {Request} from './request';

/** Where the last frame went; what is known of it, the stream says. */
export interface LastFrame {
  readonly stream: Stream;
  readonly program: Program;
}

export class Streams {
  /** Whether each row of a batch has a stream of its own. */
  readonly byRow: boolean;
  private readonly streams: Stream[] = [];
  private readonly ownCache: ActivationCache | null;
  private lastStream: Stream | null = null;
  private lastProgram: Program | null = null;

  constructor(
    batch: ResolvedOptions['batch'],
    private readonly options: StreamOptions,
  ) {
    this.byRow = batch === 'streams';
    this.streams.push(new Stream(options));
    this.ownCache = this.byRow ? new ActivationCache() : null;
  }

  /** The only one, or that of the first row. */
  get first(): Stream {
    return this.streams[0];
  }

  /** The cached activations; of all rows' streams together where each has its own. */
  get cache(): ActivationCache {
    return this.ownCache ?? this.first.cache;
  }

  /** Null before the first frame. */
  get last(): LastFrame | null {
    const {lastStream: stream, lastProgram: program} = this;
    return stream && program && {stream, program};
  }

  /** The stream that a row's frame goes to now. */
  take(row: number, program: Program): Stream {
    const index = this.indexOf(row);
    while (this.streams.length <= index) this.streams.push(new Stream(this.options));
    const stream = this.streams[index];
    this.lastStream = stream;
    this.lastProgram = program;
    if (this.ownCache?.isEmpty) this.ownCache.hold(new AllCaches(this.streams));
    return stream;
  }

  /** Notes frames that went by without anything of theirs being cached. */
  miss({options, program}: Request): void {
    options.forEach(
      ({changed, commit}, row) => commit && this.streams[this.indexOf(row)]?.decider.miss(program, changed),
    );
  }

  /** Notes frames that the model computed while another one was awaited. */
  passBy({inputs, options, program}: Request, ms: number): void {
    options.forEach(({changed}, row) =>
      this.take(row, program).decider.passBy(program, ms / inputs.rows, changed),
    );
  }

  /** Notes frames that nothing is known of: what a caller says of the next ones is no word on all that changed. */
  lose(): void {
    this.streams.forEach((stream) => stream.decider.lose());
  }

  /** Before the model computes frames all at once. */
  leave({options, program}: Request): void {
    options.forEach(({changed}, row) => this.take(row, program).decider.leave(program, changed));
  }

  /** Notes what they took. */
  skip({inputs, options, program}: Request, ms: number): void {
    options.forEach((_, row) => this.take(row, program).decider.skip(ms / inputs.rows));
  }

  /** @throws where a row has no frame that it could be a variant of */
  checkCommitted({inputs: {rows}, program}: Request): void {
    if (this.options.policy === 'dense')
      throw new Error(
        "commit: false computes variants in the engine's cache, and policy 'dense' fills none.",
      );
    for (let row = 0; row < (this.byRow ? rows : 1); row++) {
      // A row that had no frame yet is told so by a stream that has none.
      (this.streams[row] ?? new Stream(this.options)).decider.checkVariant(program);
    }
  }

  reset(): void {
    this.streams.forEach((stream) => stream.reset());
  }

  dispose(): void {
    this.streams.forEach((stream) => stream.dispose());
    this.ownCache?.dispose();
    this.lastStream = this.lastProgram = null;
  }

  private indexOf(row: number): number {
    return this.byRow ? row : 0;
  }
}
