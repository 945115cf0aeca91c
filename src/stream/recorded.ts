/** The frames of a stream that an episode records: the engine computes all of them, and what it cannot record is an error. */
import type {ActivationCache} from '../cache';
import type {Delta, Frame, Program, Recording, RecordOptions, RunResult} from '../engines';
import type {FrameOptions} from './options';
import type {Stream} from './stream';
import {INSTEAD} from './unsupported';

export class Recorded {
  readonly recording: Recording;

  /** @throws where the program cannot record on this cache */
  constructor(
    private readonly program: Program,
    private readonly cache: ActivationCache,
    options: RecordOptions,
  ) {
    const unsupportedReason = program.unsupportedReason(cache);
    if (unsupportedReason)
      throw new Error(`record(): the engine cannot compute the frames: ${unsupportedReason}`);
    this.recording = program.record(cache, options);
  }

  /** @throws where a frame would leave no trace, or is not of the program that the episode records with */
  check(program: Program, {commit}: FrameOptions): void {
    if (!commit) {
      throw new Error(
        'commit: false leaves no trace of a frame, but an episode records on this stream. Predict the frame as any other, or ' +
          'on a stream() of its own.',
      );
    }
    if (program === this.program) return;
    throw new Error(
      'An episode records frames of one shape, for one set of outputs, of one model on one backend; this frame asks for ' +
        'another, or the model was changed. Call valueAndGrads() or dispose() of the episode first.',
    );
  }

  /** @throws where a gradient of the frame is not to be had */
  run(frame: Frame, delta: Delta, options: FrameOptions): RunResult {
    const {program, cache, recording} = this;
    // Of the first one, what was cached before it counts as well.
    const seen = recording.frames > 0 ? {cache, delta} : undefined;
    checkGradient(delta.unsupportedReason ?? program.gradientUnsupportedReason?.(frame, seen));
    return program.run(cache, frame, delta, {...options, recording});
  }

  /** @throws where no gradient of the frame is to be had, whatever was before it */
  checkGradient(program: Program, frame: Frame): void {
    checkGradient(program.gradientUnsupportedReason?.(frame));
  }

  dispose(): void {
    this.recording.dispose();
  }
}

/**
 * Records the frames of a stream from the next one on.
 * @throws where it records already, or the program cannot
 */
export function startRecording(stream: Stream, program: Program, options: RecordOptions): Recording {
  if (stream.isRecording) {
    throw new Error(
      'record(): this stream records already. Call valueAndGrads() or dispose() of its episode first, or record on a ' +
        'stream() of its own.',
    );
  }
  const recorded = new Recorded(program, stream.cache, options);
  stream.record(program, recorded);
  return recorded.recording;
}

/** @param unsupportedReason why none is to be had */
function checkGradient(unsupportedReason: string | null | undefined): void {
  if (unsupportedReason)
    throw new Error(`An episode records what the engine computes, but ${unsupportedReason}. ${INSTEAD}`);
}
