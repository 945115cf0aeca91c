import {newFrames, type Video} from '../../examples/browser/new-frames';

/** A video that shows a frame when told to. */
class FakeVideo implements Video {
  private waiting = new Map<number, VideoFrameRequestCallback>();
  private asked = 0;

  requestVideoFrameCallback(callback: VideoFrameRequestCallback): number {
    this.waiting.set(++this.asked, callback);
    return this.asked;
  }

  cancelVideoFrameCallback(handle: number): void {
    this.waiting.delete(handle);
  }

  get isWatched(): boolean {
    return this.waiting.size > 0;
  }

  show(): void {
    const callbacks = [...this.waiting.values()];
    this.waiting.clear();
    for (const callback of callbacks) callback(0, {} as VideoFrameCallbackMetadata);
  }
}

/** Whether it comes without anything else happening. */
async function comes(frame: Promise<unknown>): Promise<boolean> {
  const later = new Promise<'later'>((resolve) => setTimeout(() => resolve('later'), 5));
  return (await Promise.race([frame, later])) !== 'later';
}

describe('the frames of a video', () => {
  const start = () => {
    const video = new FakeVideo();
    const stop = new AbortController();
    return {video, stop, frames: newFrames(video, stop.signal)};
  };

  it('begin with the one that is shown', async () => {
    const {frames} = start();
    expect(await comes(frames.next())).toBe(true);
  });

  it('come once each', async () => {
    const {video, frames} = start();
    await frames.next();
    for (let i = 0; i < 3; i++) {
      const next = frames.next();
      expect(await comes(next)).toBe(false);
      video.show();
      expect(await comes(next)).toBe(true);
    }
  });

  it('are not missed while nobody waits; of several, the last one counts', async () => {
    const {video, frames} = start();
    await frames.next();
    video.show();
    video.show();
    expect(await comes(frames.next())).toBe(true);
    expect(await comes(frames.next())).toBe(false);
  });

  it('end with the signal, also while somebody waits, and leave the video alone then', async () => {
    const {video, stop, frames} = start();
    await frames.next();
    const next = frames.next();
    expect(await comes(next)).toBe(false);
    expect(video.isWatched).toBe(true);
    stop.abort();
    expect(await next).toEqual({done: true, value: undefined});
    expect(video.isWatched).toBe(false);
    video.show();
    expect(await frames.next()).toEqual({done: true, value: undefined});
  });

  it('end when nobody wants more', async () => {
    const {video, frames} = start();
    for await (const shown of frames) {
      expect(shown).toBe(video);
      break;
    }
    expect(video.isWatched).toBe(false);
  });
});
