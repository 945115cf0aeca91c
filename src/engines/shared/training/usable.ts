/** Whether recorded frames can still be followed, and still have their backward pass; one answer for both engines. */

/** What has become of a recording. */
export interface Standing {
  /** Gone back through, or disposed of with its stream. */
  readonly isOver: boolean;
  /** Whether weights are those that it began with. */
  readonly sameWeights: boolean;
  /** Whether the cache holds what the last frame left there. */
  readonly sameCache: boolean;
}

/** @throws where it is of no more use; says why */
export function checkUsable({isOver, sameWeights, sameCache}: Standing): void {
  if (isOver)
    throw new Error('This recording is over: its backward pass is done, or its stream was disposed.');
  if (!sameWeights) {
    throw new Error(
      'A weight has changed since the episode began, so that its frames are of another model. ' +
        'Call valueAndGrads() before weights are assigned, and record() anew after.',
    );
  }
  if (sameCache) return;
  throw new Error(
    'The cache of a stream that records was emptied, by cache.clear() or by an error in mid-frame, so that its frames can ' +
      'be neither followed nor differentiated. Dispose the episode and record anew; a new scene needs no emptying.',
  );
}

/** What to say of a frame that does not fit. Nothing was changed by it. */
export function noSpace(frames: number, bytes: number, maxBytes: number): Error {
  if (frames === 0) {
    return new Error(`The episode's first frame does not fit into maxBytes (${maxBytes}). Allow more.`);
  }
  return new Error(
    `The episode holds ${bytes} bytes after ${frames} frames, and the next frame does not fit into maxBytes (${maxBytes}) ` +
      'or into memory. Nothing is lost: call valueAndGrads() for the frames recorded so far, and record() anew; or allow more.',
  );
}
