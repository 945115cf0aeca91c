/**
 * The streams of one row's frames: one for each program, since a cache is of one. So a model that is asked for two sets of outputs in
 * turn, or for frames of two sizes, reuses both. What one stream computes has gone by for the others.
 */
import type {Program} from '../engines';
import {Ledger, Stream, type StreamOptions} from '../stream';

/** Streams kept at most, those that frames went to last: whoever sends crops has many sizes, and each cache is as large as the model. */
const MOST_STREAMS = 4;

export class Row {
  /** That which the last frame went to stands last. */
  private readonly streams: Stream[] = [];
  /** One for all: else who takes turns might lose with each stream what one may lose, and with each new one again. */
  private readonly ledger = new Ledger();

  private readonly options: StreamOptions;

  /** @param isOver whether no frame will be computed with a program again */
  constructor(
    options: StreamOptions,
    private readonly isOver: (program: Program) => boolean,
  ) {
    this.options = {...options, onGrowth: () => this.makeRoom(this.last!.program!)};
  }

  get all(): readonly Stream[] {
    return this.streams;
  }

  /** That of the last frame; null before the first. */
  get last(): Stream | null {
    return this.streams.at(-1) ?? null;
  }

  /** The stream of a program's frames, if there is one. */
  find(program: Program): Stream | null {
    const {last} = this;
    if (last?.isOf(program)) return last;
    return this.streams.find((stream) => stream.isOf(program)) ?? null;
  }

  /** That which a variant goes to, or a frame of an episode: the one that the last frame went to. */
  takeLast(program: Program): Stream {
    return this.last ?? this.take(program);
  }

  /** The stream of a program's frames, or a new one; all others have missed the frame that it is to take. */
  take(program: Program): Stream {
    const {last} = this;
    if (last !== null && (last.isRecording || last.isOf(program))) return last;
    const stream = this.find(program) ?? this.vacant() ?? new Stream(this.options, this.ledger);
    this.putLast(stream);
    for (const other of this.streams) if (other !== stream) other.decider.lose();
    this.makeRoom(program);
    return stream;
  }

  /** One whose program was replaced: it goes on with another. */
  private vacant(): Stream | null {
    return this.streams.find(({program}) => program === null || this.isOver(program)) ?? null;
  }

  private putLast(stream: Stream): void {
    const at = this.streams.indexOf(stream);
    if (at >= 0) this.streams.splice(at, 1);
    this.streams.push(stream);
  }

  /** Gives up what was taken longest ago, where there is too much. */
  private makeRoom(program: Program): void {
    const {streams} = this;
    const own = this.last!.decider.bytesWith(program);
    const bytes = () => streams.slice(0, -1).reduce((sum, {cache}) => sum + cache.bytes, own);
    while (streams.length > 1 && (streams.length > MOST_STREAMS || bytes() > this.options.maxBytes))
      streams.shift()!.dispose();
  }
}
