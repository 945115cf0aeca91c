import {ACTIONS, Catch} from '../../examples/reinforce/live/catch';
import {play} from '../../examples/reinforce/live/play';
import {draw, randomFrom} from '../../examples/reinforce/random';

const plane = {height: 20, width: 15};
const [LEFT, STAY, RIGHT] = [0, 1, 2];

/** The pixels that are not 0, as [row, column]. */
function lit(game: Catch): [number, number][] {
  return Array.from(game.frame()).flatMap((value, i) =>
    value === 0 ? [] : [[Math.floor(i / plane.width), i % plane.width] as [number, number]],
  );
}

const paddleLeft = (game: Catch) => Math.min(...lit(game).flatMap(([y, x]) => (y >= 18 ? [x] : [])));
const dropTop = (game: Catch) => Math.min(...lit(game).map(([y]) => y));

/** A game whose random numbers are these, over and over: where the paddle starts, then where drops fall. */
function gameWith(...numbers: number[]): Catch {
  let next = 0;
  return new Catch(plane, () => numbers[next++ % numbers.length]);
}

describe('catch', () => {
  it('begins with a drop of 3 × 3 at the top and a paddle of 7 × 2 at the bottom', () => {
    const game = gameWith(0, 0.99);
    const pixels = lit(game);
    expect(pixels).toHaveLength(9 + 14);
    expect(pixels.filter(([y, x]) => y < 3 && x >= 12)).toHaveLength(9);
    expect(pixels.filter(([y, x]) => y >= 18 && x < 7)).toHaveLength(14);
  });

  it('moves the paddle 2 pixels a step, and not past the edges', () => {
    const game = gameWith(0.4, 0);
    const start = paddleLeft(game);
    game.step(RIGHT);
    expect(paddleLeft(game)).toBe(start + 2);
    game.step(STAY);
    expect(paddleLeft(game)).toBe(start + 2);
    for (let i = 0; i < 5; i++) game.step(LEFT);
    expect(paddleLeft(game)).toBe(0);
    for (let i = 0; i < 7; i++) game.step(RIGHT);
    expect(paddleLeft(game)).toBe(8);
  });

  it('lets drops fall 2 pixels a step', () => {
    const game = gameWith(0, 0);
    expect(dropTop(game)).toBe(0);
    game.step(STAY);
    expect(dropTop(game)).toBe(2);
  });

  it.each([
    ['over the paddle', 0, 1],
    ['that touches it with one column', 6 / 13, 1],
    ['beside it', 7.5 / 13, -1],
  ])('counts a drop %s', (_, place, expected) => {
    const game = gameWith(0, place);
    const rewards = Array.from({length: 8}, () => game.step(STAY));
    expect(rewards).toEqual([0, 0, 0, 0, 0, 0, 0, expected]);
    expect(lit(game)).toHaveLength(14);
  });

  it('releases a drop every 12 steps', () => {
    const game = gameWith(0, 0);
    for (let i = 0; i < 11; i++) game.step(STAY);
    expect(lit(game)).toHaveLength(14);
    game.step(STAY);
    expect(lit(game)).toHaveLength(14 + 9);
  });

  it('hands out frames of their own', () => {
    const game = gameWith(0, 0);
    const frame = game.frame();
    const copy = frame.slice();
    game.step(RIGHT);
    expect(frame).toEqual(copy);
    expect(game.frame()).not.toEqual(copy);
  });
});

describe('playing', () => {
  const learner = {act: () => Float32Array.of(0.2, 0.3, 0.5), learn: jest.fn(), bytes: 0, dispose: jest.fn()};
  const settings = {plane, games: 3, steps: 30, seed: 5};

  it('is the same for the same seed and update, and another for others', () => {
    const once = play(learner, settings, 0);
    expect(play(learner, settings, 0)).toEqual(once);
    expect(play(learner, settings, 1).lesson.actions).not.toEqual(once.lesson.actions);
    expect(play(learner, {...settings, seed: 6}, 0).lesson.actions).not.toEqual(once.lesson.actions);
  });

  it('has an action and an advantage a step, and the mean reward of a game', () => {
    let frames = 0;
    const {lesson, reward} = play(learner, settings, 0, () => frames++);
    expect(frames).toBe(90);
    expect(lesson.actions).toHaveLength(90);
    expect(lesson.actions.every((action) => action >= 0 && action < ACTIONS)).toBe(true);
    expect(lesson.advantages).toHaveLength(90);
    expect(lesson.over).toBe(90);
    // 2 drops come down in 30 steps.
    expect(Math.abs(reward)).toBeLessThanOrEqual(2);
  });
});

describe('random numbers', () => {
  it('are even, and others for other seeds', () => {
    const random = randomFrom(1, 2);
    const numbers = Array.from({length: 10_000}, random);
    const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    expect(mean).toBeCloseTo(0.5, 1);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    expect(randomFrom(2, 1)()).not.toBe(randomFrom(1, 2)());
  });

  it('draw by probability, also at the ends', () => {
    const probabilities = [0.25, 0.5, 0.25];
    expect([0, 0.24, 0.25, 0.74, 0.75, 0.999].map((value) => draw(probabilities, () => value))).toEqual([
      0, 0, 1, 1, 2, 2,
    ]);
    expect(draw([0.3, 0.3, 0.3], () => 0.95)).toBe(2);
    expect(draw([0, 1], () => 0)).toBe(1);
  });
});
