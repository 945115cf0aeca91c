/** The streams that the frames of a model with reuse belong to, and which of them took the last one. */
import {ActivationCache} from '../cache';
import type {Program} from '../engines';
import {AllCaches, Stream, type FrameOptions, type StreamOptions} from '../stream';
import type {ResolvedOptions} from './options';
import type {Request} from './request';
import {Row} from './row';

/** Where the last frame went; what is known of it, the stream says. */
export interface LastFrame {
  readonly stream: Stream;
  readonly program: Program;
}

type Commits = Pick<FrameOptions, 'commit'>;

export class Streams {
  /** Whether each row of a batch has streams of its own. */
  readonly byRow: boolean;
  /** The cached activations of all of them. */
  readonly cache = new ActivationCache();
  private readonly rows: Row[];
  private lastStream: Stream | null = null;
  private lastProgram: Program | null = null;

  /** @param isOver whether no frame will be computed with a program again */
  constructor(
    batch: ResolvedOptions['batch'],
    private readonly options: StreamOptions,
    private readonly isOver: (program: Program) => boolean,
  ) {
    this.byRow = batch === 'streams';
    this.rows = [new Row(options, isOver)];
  }

  /** Null before the first frame. */
  get last(): LastFrame | null {
    const {lastStream: stream, lastProgram: program} = this;
    return stream && program && {stream, program};
  }

  /** That which an episode records; null where none does. */
  get recording(): Stream | null {
    const {last} = this.rows[0];
    return last?.isRecording ? last : null;
  }

  /** True where the next frame of this program goes to the model whatever it shows. */
  restsOn(program: Program): boolean {
    return this.rows[0].find(program)?.decider.rests ?? false;
  }

  /** The stream that a row's frame goes to now. */
  take(index: number, program: Program, {commit}: Commits): Stream {
    const row = this.rowAt(index);
    const stream = commit ? row.take(program) : row.takeLast(program);
    this.lastStream = stream;
    this.lastProgram = program;
    if (this.cache.content(AllCaches) === null) this.cache.hold(new AllCaches(() => this.all()));
    return stream;
  }

  /** The stream that an episode of this program records. */
  takeToRecord(program: Program): Stream {
    return this.rows[0].take(program);
  }

  /** Notes frames that went by without anything of theirs being cached. */
  miss({options, program}: Request): void {
    options.forEach(({changed, commit}, index) => {
      if (!commit) return;
      const row = this.rows[this.byRow ? index : 0] as Row | undefined;
      row?.all.forEach((stream) => stream.decider.miss(program, changed));
    });
  }

  /** Notes frames that the model computed while another one was awaited. */
  passBy({inputs, options, program}: Request, ms: number): void {
    options.forEach(({changed, commit}, index) =>
      this.take(index, program, {commit}).decider.passBy(program, ms / inputs.rows, changed),
    );
  }

  /** Notes frames that nothing is known of: what a caller says of the next ones is no word on all that changed. */
  lose(): void {
    this.all().forEach((stream) => stream.decider.lose());
  }

  /** Before the model computes frames all at once. */
  leave({options, program}: Request): void {
    options.forEach((own, index) => this.take(index, program, own).decider.leave(program, own.changed));
  }

  /** Notes what they took. */
  skip({inputs, options, program}: Request, ms: number): void {
    options.forEach((own, index) => this.take(index, program, own).decider.skip(ms / inputs.rows));
  }

  /** @throws where a row has no frame that it could be a variant of */
  checkCommitted({inputs: {rows}, program}: Request): void {
    if (this.options.policy === 'dense')
      throw new Error(
        "commit: false computes variants in the engine's cache, and policy 'dense' fills none.",
      );
    for (let index = 0; index < (this.byRow ? rows : 1); index++) {
      // A row that had no frame yet is told so by a stream that has none.
      const row = this.rows[index] as Row | undefined;
      (row?.last ?? new Stream(this.options)).decider.checkVariant(program);
    }
  }

  reset(): void {
    this.all().forEach((stream) => stream.reset());
  }

  dispose(): void {
    this.all().forEach((stream) => stream.dispose());
    this.cache.dispose();
    this.lastStream = this.lastProgram = null;
  }

  private all(): readonly Stream[] {
    return this.rows.flatMap((row) => row.all);
  }

  private rowAt(index: number): Row {
    const at = this.byRow ? index : 0;
    while (this.rows.length <= at) this.rows.push(new Row(this.options, this.isOver));
    return this.rows[at];
  }
}
