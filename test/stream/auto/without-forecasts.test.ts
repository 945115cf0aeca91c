/**
 * The policy against simulated machines: what a frame costs is made up, so that every run is the same. No clock is read.
 */
import {fixedPolicy, type FramePolicy, type Path} from '../../../src/stream/policy';
import {AutoPolicy} from '../../../src/stream/auto/auto-policy';
import {random} from '../../properties/networks';

interface Machine {
  /** Cost of a dense frame is 1; of filling the cache; of an incremental frame by the share that changed. */
  readonly prime: number;
  readonly incremental: (share: number) => number;
  /** Cost of comparing frames. */
  readonly compare: number;
  /** Costs vary by up to this factor, upwards. */
  readonly noise?: number;
  /** How many times longer the engine's first three frames take: they compile what they need. */
  readonly cold?: readonly number[];
  /** The frame that is seen to take 300 times as long, because the machine is busy elsewhere. */
  readonly busyAt?: number;
}

interface Frame {
  readonly share: number;
  /** Share that differs from a cache left behind. */
  readonly stale?: number;
}

/** Plays frames and returns what each cost, and who computed it. */
function play(machine: Machine, frames: readonly Frame[], policy: FramePolicy = new AutoPolicy(null)) {
  const next = random(11);
  const costs: number[] = [];
  const paths: Path[] = [];
  let primed = false;
  let isBehind = false;
  for (const frame of frames) {
    const compares = !policy.rests;
    const share = isBehind ? (frame.stale ?? frame.share) : frame.share;
    const {path} = policy.decide({primed, share}, null);
    const runs = paths.filter((each) => each !== 'dense').length;
    const cold = path === 'dense' ? 1 : (machine.cold?.[runs] ?? 1);
    const base =
      cold * (path === 'dense' ? 1 : path === 'prime' ? machine.prime : machine.incremental(share));
    const busy = paths.length === machine.busyAt ? 300 : 1;
    const ms = base * busy * (1 + (machine.noise ?? 1e-4) * next());
    const overhead = compares ? machine.compare : 0;
    policy.observe(path, compares ? share : 1, ms, overhead);
    if (path !== 'dense') primed = true;
    isBehind = path === 'dense';
    costs.push(base + overhead);
    paths.push(path);
  }
  return {costs, paths};
}

const repeat = (count: number, frame: Frame): Frame[] => Array.from({length: count}, () => frame);
/** The frames in which both sides run for the first time: what they cost is not the policy's choice. */
const WARM_UP = 5;
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const shareOf = (paths: readonly Path[], path: Path) => paths.filter((p) => p === path).length / paths.length;

const FAST: Machine = {prime: 1.2, incremental: (share) => 0.05 + share, compare: 0.01};
const SLOW: Machine = {prime: 2.5, incremental: () => 2, compare: 0.01};

describe('where reuse pays', () => {
  it('runs incrementally, but for rare looks at the model itself', () => {
    const {paths} = play(FAST, repeat(1000, {share: 0.02}));
    expect(shareOf(paths, 'incremental')).toBeGreaterThan(0.98);
  });

  it('does so on a noisy machine too', () => {
    const {paths} = play({...FAST, noise: 3}, repeat(1000, {share: 0.02}));
    expect(shareOf(paths, 'incremental')).toBeGreaterThan(0.95);
  });

  it('finds out that it does, however long the first frames took to compile', () => {
    const {paths} = play({...FAST, cold: [30, 10, 3]}, repeat(200, {share: 0.02}));
    expect(shareOf(paths.slice(10), 'incremental')).toBeGreaterThan(0.95);
  });

  it('is not misled by a frame in which the machine was busy elsewhere', () => {
    for (let busyAt = 2; busyAt < 12; busyAt++) {
      const {paths} = play({...FAST, busyAt}, repeat(300, {share: 0.02}));
      expect(shareOf(paths.slice(12), 'incremental')).toBeGreaterThan(0.95);
    }
  });

  it('comes back within a few frames after a cut', () => {
    const clip = [...repeat(100, {share: 0.02}), {share: 1}, ...repeat(100, {share: 0.02, stale: 0.9})];
    const {paths} = play(FAST, clip);
    expect(paths.slice(105).filter((path) => path !== 'incremental').length).toBeLessThan(3);
  });
});

describe('where reuse does not pay', () => {
  it('loses at most 3 % over any 200 frames after the warm-up', () => {
    const {costs} = play(SLOW, repeat(3000, {share: 0.3}));
    for (let from = WARM_UP; from + 200 <= costs.length; from++) {
      expect(sum(costs.slice(from, from + 200))).toBeLessThanOrEqual(1.03 * 200);
    }
  });

  it('nor does it where everything changes all the time', () => {
    const {costs} = play({...FAST, prime: 1.3, incremental: () => 1.3}, repeat(3000, {share: 1}));
    for (let from = WARM_UP; from + 200 <= costs.length; from++) {
      expect(sum(costs.slice(from, from + 200))).toBeLessThanOrEqual(1.03 * 200);
    }
  });

  it('notices when it begins to pay', () => {
    const clip = [...repeat(500, {share: 0.9}), ...repeat(3000, {share: 0.01, stale: 0.9})];
    const {paths} = play({...FAST, incremental: (share) => 0.05 + 2 * share}, clip);
    expect(shareOf(paths.slice(-500), 'incremental')).toBeGreaterThan(0.9);
  });
});

it("leaves every frame to the model with 'dense', and none with 'incremental'", () => {
  expect(shareOf(play(FAST, repeat(50, {share: 0.1}), fixedPolicy('dense')).paths, 'dense')).toBe(1);
  const {paths} = play(SLOW, repeat(50, {share: 0.1}), fixedPolicy('incremental'));
  expect(paths[0]).toBe('prime');
  expect(shareOf(paths.slice(1), 'incremental')).toBe(1);
});

it('a rest is as long, and ends as it would, where its frames are counted in one step', () => {
  const [stepwise, atOnce] = [new AutoPolicy(null), new AutoPolicy(null)];
  for (const policy of [stepwise, atOnce]) {
    const {paths} = play(SLOW, repeat(397, {share: 0.3}), policy);
    expect(paths.at(-1)).toBe('dense');
    expect(policy.rests).toBe(true);
  }
  let frames = 0;
  for (; stepwise.rests; frames++) {
    stepwise.observe(stepwise.decide({primed: true, share: 1}, null).path, 1, 1, 0);
    expect(atOnce.rests).toBe(true);
    atOnce.restOn(1);
  }
  expect(frames).toBeGreaterThan(1);
  const clip = repeat(300, {share: 0.3});
  expect(play(SLOW, clip, atOnce).paths).toEqual(play(SLOW, clip, stepwise).paths);
});
