/** Frames that a stream refuses, or leaves to the model, because of what they are. */
import type {Program} from '../engines';
import type {Decision} from './policy';
import type {FrameOptions} from './stream';

/** @throws where a frame would leave no trace, or is not of the program that the episode records with */
export function checkRecordable(program: Program, own: Program, {commit}: FrameOptions): void {
  if (!commit) {
    throw new Error(
      'commit: false leaves no trace of a frame, but an episode records on this stream. Predict the frame as any other, or ' +
        'on a stream() of its own.',
    );
  }
  if (program === own) return;
  throw new Error(
    'An episode records frames of one shape, for one set of outputs, on one backend; this frame asks for another. ' +
      'Call valueAndGrads() or dispose() of the episode first.',
  );
}

const INSTEAD = 'Replace such values, or predict with the model itself.';

/** What becomes of a frame that is not the engine's to compute: the cache stays at the frame before it. */
export function refused(unsupportedReason: string, commit: boolean): Decision {
  if (commit) return {path: 'dense', reason: unsupportedReason};
  throw new Error(
    `commit: false computes variants in the engine's cache, but ${unsupportedReason}. ${INSTEAD}`,
  );
}

export const unrecordable = (unsupportedReason: string) =>
  new Error(`An episode records what the engine computes, but ${unsupportedReason}. ${INSTEAD}`);
