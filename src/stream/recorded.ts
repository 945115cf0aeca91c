/** The frames of a stream that an episode records: the engine computes all of them, and what it cannot record is an error. */
import type {ActivationCache} from '../cache';
import type {Delta, Frame, Program, Recording, RecordOptions, RunResult} from '../engines';
import type {FrameOptions} from './options';
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
      'An episode records frames of one shape, for one set of outputs, on one backend; this frame asks for another. ' +
        'Call valueAndGrads() or dispose() of the episode first.',
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

  dispose(): void {
    this.recording.dispose();
  }
}

/** @param unsupportedReason why none is to be had */
export function checkGradient(unsupportedReason: string | null | undefined): void {
  if (unsupportedReason)
    throw new Error(`An episode records what the engine computes, but ${unsupportedReason}. ${INSTEAD}`);
}
