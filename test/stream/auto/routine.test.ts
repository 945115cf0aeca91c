/** Frames that nobody thinks about. */
import {Routine} from '../../../src/stream/auto/routine';

/** How many frames of this kind go by before one is looked at. */
function passing(routine: Routine, share: number, ms: number): number {
  let frames = 0;
  while (routine.takes(true, share) && routine.took(ms)) frames++;
  return frames;
}

const begun = (share = 0.01): Routine => {
  const routine = new Routine();
  routine.begin(share, 1, 10);
  return routine;
};

test('frames like the last one go by, twice as many each time', () => {
  const routine = begun();
  const counts = Array.from({length: 6}, () => {
    const frames = passing(routine, 0.01, 1);
    routine.begin(0.01, 1, 10);
    return frames;
  });
  expect(counts).toEqual([15, 30, 60, 120, 240, 255]);
  expect(routine.takePassed()).toBe(720);
  expect(routine.takePassed()).toBe(0);
});

test('a larger change, an empty cache and a frame that takes long are looked at', () => {
  expect(begun().takes(true, 0.03)).toBe(false);
  expect(begun().takes(false, 0.01)).toBe(false);
  const routine = begun();
  expect(routine.takes(true, 0.01)).toBe(true);
  expect(routine.took(6)).toBe(false);
  expect(routine.takes(true, 0.01)).toBe(false);
});

test('nothing goes by where the engine is not far faster', () => {
  const routine = new Routine();
  routine.begin(0.01, 4, 10);
  expect(routine.takes(true, 0.01)).toBe(false);
});
