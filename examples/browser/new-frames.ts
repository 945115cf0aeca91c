/** The frames that a video shows, each once: none is taken twice, and one that comes while nobody waits is not missed. */

/** What is needed of a video element. */
export type Video = Pick<HTMLVideoElement, 'requestVideoFrameCallback' | 'cancelVideoFrameCallback'>;

/**
 * The video, at once for the frame that it shows, and then once for each new one, until the signal. Of several frames that came
 * while nobody waited, the last one is shown, and counts.
 */
export async function* newFrames<T extends Video>(
  video: T,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  let isNew = true;
  let wake: (() => void) | null = null;
  const onFrame = () => {
    isNew = true;
    asked = video.requestVideoFrameCallback(onFrame);
    wake?.();
  };
  // Asked for all the time: of a screen that changes and then stands still, the last frame would be missed otherwise.
  let asked = video.requestVideoFrameCallback(onFrame);
  signal.addEventListener('abort', () => wake?.(), {once: true});
  try {
    while (!signal.aborted) {
      if (isNew) {
        isNew = false;
        yield video;
      } else {
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }
  } finally {
    video.cancelVideoFrameCallback(asked);
  }
}
