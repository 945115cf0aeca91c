/** `calibrate`: which gate and which thresholds make a model fast on a clip, and still agree with itself. */
import * as tf from '@tensorflow/tfjs-core';
import type {Node} from '../graph';
import {Clip, type Played} from './clip';
import {checkFrames} from './finite';
import {adjustableNodes, groupsOf} from './nodes';
import {NO_NOISE, gatesFor, laddersOf, noiseOf, pairOf, rounded, withNoise, type FramePair} from './noise';
import type {CheckedOptions} from './options';
import {EXACT, isExact, mostTrials, search, type Found, type Settings} from './search';
import {MOST_CHOICES, finalize, type Finalized} from './finalize';
import type {Calibratable, FrameValues, RunnerOptions} from './source';
import type {Calibration, CalibrationProgress, CalibrationStage} from './types';

/** Groups that thresholds are adjusted in: each takes a few runs of the clip. */
const GROUPS = 8;
/** Frames that the scale of the thresholds is taken from, and pairs of frames that noise is estimated from. */
const SAMPLES = 8;
/** What is not exact must take less than this share of the time of exact reuse. */
const WORTH = 0.97;
/** The best of many trials flatters: this share less disagreement is allowed than was asked for, in the search and after it. */
const RESERVE = 0.1;
/**
 * Runs still to come, at most, where so many settings may yet be judged: each on the frames held back and as it will be used;
 * then the exact ones, noise, and times.
 */
const runsAfter = (choices: number): number => 2 * choices + 1 + 2;
const LAST_RUNS = runsAfter(MOST_CHOICES);

const DECODED =
  'Most values of these frames stand still to the bit, and others jump by little: so does decoded video. The default gates shut ' +
  'out such jumps and no more. Frames from another decoder, such as that of a browser, need a calibration of their own.';

/** @param print where `verbose` prints */
export async function calibrate<F>(
  source: Calibratable<F>,
  frames: readonly F[],
  options: CheckedOptions,
  print: (line: string) => void,
): Promise<Calibration> {
  frames.forEach((frame, t) => source.check(frame, t));
  const split = splitOf(frames.length, options.heldBack);
  await checkFrames(source, frames);
  const clip = new Clip(source, frames, options.agreement, options.signal);
  try {
    return await new Calibrator(clip, split, options, print).run();
  } finally {
    clip.dispose();
  }
}

/** How many frames are searched on; the others are held back. */
function splitOf(frames: number, heldBack: number): number {
  const split = Math.round(frames * (1 - heldBack));
  if (split >= 2 && split < frames) return split;
  throw new Error(
    `calibrate: ${frames === 1 ? '1 frame is' : `${frames} frames are`} too few: at least 2 are searched on and 1 is held back. Some ` +
      'dozens, in the order in which they come, are a good number.',
  );
}

class Calibrator<F> {
  private done = 0;
  private best = 1;
  private printed = '';
  private nodes: readonly Node[] = [];
  /** The RMS of each node's loudest channel: what thresholds are shares of. */
  private readonly scales = new Map<string, number>();
  private noise = NO_NOISE;

  constructor(
    private readonly clip: Clip<F>,
    private readonly split: number,
    private readonly options: CheckedOptions,
    private readonly print: (line: string) => void,
  ) {}

  async run(): Promise<Calibration> {
    const {pairs, side} = await this.lookAtNoise();
    this.noise = noiseOf(pairs);
    const {gates} = this.options;
    const ladders = gates ? laddersOf(gates) : gatesFor(this.noise, side);
    const most = mostTrials(ladders.flat().length, GROUPS) + LAST_RUNS;
    await this.clip.prepare();
    this.progress('model', most + 1);
    await this.takeScales();
    this.progress('model', most);
    const groups = groupsOf(
      this.nodes.map(({name}) => name),
      GROUPS,
    );
    const {demanded} = this;
    const found = await search({gates: ladders, groups, atLeast: demanded}, async (stage, settings, left) => {
      const {agreement, macsShare} = await this.clip.play(this.optionsFor(settings), 1, this.split);
      if (agreement >= demanded) this.best = Math.min(this.best, macsShare);
      this.progress(stage, left + LAST_RUNS);
      return {agreement, cost: macsShare};
    });
    return this.conclude(found);
  }

  /**
   * What pairs of neighbouring frames show, of the input with the most values; and how many pixels its shorter side has.
   */
  private async lookAtNoise(): Promise<{pairs: FramePair[]; side: number}> {
    const {source, frames} = this.clip;
    const read = async (t: number) => largest(await source.read(frames[t]));
    const pairs: FramePair[] = [];
    for (const t of spread(this.split - 1, SAMPLES)) {
      const [previous, next] = [await read(t), await read(t + 1)];
      pairs.push(pairOf(previous.values, next.values));
    }
    return {pairs, side: shorterSide((await read(0)).shape)};
  }

  /** The RMS of each channel over some of the frames, computed exactly. */
  private async takeScales(): Promise<void> {
    const chosen = new Set(spread(this.split, SAMPLES));
    const squares = new Map<number, Float64Array>();
    await this.clip.play({policy: 'incremental'}, this.split, this.split, async (runner, t) => {
      if (!chosen.has(t)) return;
      this.nodes = adjustableNodes(runner.graph);
      for (const [id, rms] of await runner.rms()) {
        const sum = squares.get(id) ?? new Float64Array(rms.length);
        rms.forEach((value, c) => (sum[c] += value * value));
        squares.set(id, sum);
      }
    });
    this.nodes = this.nodes.filter(({id}) => squares.has(id));
    for (const {id, name} of this.nodes) {
      const loudest = squares.get(id)!.reduce((most, one) => Math.max(most, one), 0);
      this.scales.set(name, Math.sqrt(loudest / chosen.size));
    }
  }

  /** Decides on what holds on the frames held back too, and measures it. */
  private async conclude(found: readonly Found[]): Promise<Calibration> {
    const notes = this.noise.isDecoded ? [DECODED] : [];
    const finalized = await this.finalize(found, notes);
    const {atLeast} = this.options;
    if (found.length === 0 || finalized.played.agreement < atLeast) {
      notes.push(
        'Even computed exactly, the outputs do not agree as far with those of another run: the model is not the same from ' +
          'run to run, or the agreement measure is too strict.',
      );
    }
    const denseUnderNoise = await this.underNoise();
    this.progress('report', 1);
    const {frames} = this.clip;
    const {settings, played, denseMs, reuseMs} = await this.timed(finalized);
    this.progress('report', 0);
    if (atLeast > denseUnderNoise)
      notes.push(
        'More agreement was asked for than the model has with itself under noise of the size that the frames show.',
      );
    const gained = played.agreement >= atLeast && played.macsShare < 1 && reuseMs < denseMs;
    if (reuseMs >= denseMs) notes.push('With these frames, reuse does not make this model faster.');
    else if (played.macsShare >= 1)
      notes.push(
        'Without a gate or thresholds all of each of these frames changes, and none held that would leave work out: what makes the ' +
          'model faster is the kernels of this package.',
      );
    else if (isExact(settings))
      notes.push('Exact reuse is as fast here as any gate or threshold would make it.');
    const report = {
      agreement: played.agreement,
      atLeast,
      denseUnderNoise,
      noise: rounded(this.noise.size),
      denseMs: rounded(denseMs),
      reuseMs: rounded(reuseMs),
      speedUp: rounded(denseMs / reuseMs),
      macsShare: rounded(played.macsShare),
      gained,
      frames: {search: this.split, heldBack: frames.length - this.split},
      notes,
    };
    return {...this.asOptions(gained ? settings : EXACT), report};
  }

  /** Gates and thresholds cost time themselves: where they save less than that, exact reuse takes their place. */
  private async timed(finalized: Finalized): Promise<Finalized & {denseMs: number; reuseMs: number}> {
    const {settings} = finalized;
    const candidates = isExact(settings) ? [EXACT] : [settings, EXACT];
    const sides = candidates.map((one) => this.optionsFor(one, 'auto'));
    const [denseMs, reuseMs, exactMs = Infinity] = await this.clip.time(
      [{policy: 'dense'}, ...sides],
      this.split,
    );
    if (reuseMs < WORTH * exactMs || exactMs >= denseMs) return {...finalized, denseMs, reuseMs};
    return {settings: EXACT, played: await this.playHeldBack(EXACT), denseMs, reuseMs: exactMs};
  }

  private async finalize(found: readonly Found[], notes: string[]): Promise<Finalized> {
    let judged = 0;
    const finalized = await finalize(found, (settings, left) => {
      judged++;
      return this.judge(settings, runsAfter(left));
    });
    if (judged > (finalized ? 1 : 0))
      notes.push('Faster settings held on the frames that were searched on, and not on all others.');
    if (finalized) return finalized;
    const played = await this.playHeldBack(EXACT);
    this.progress('report', 2);
    return {settings: EXACT, played};
  }

  /**
   * Whether settings hold on the frames held back, and on the whole clip with the policy that they will be used with: it
   * leaves some frames to the model, so that the cache goes another way through the clip.
   * @param left runs that may follow these, at most
   * @returns null where they do not
   */
  private async judge(settings: Settings, left: number): Promise<Played | null> {
    const played = await this.playHeldBack(settings);
    const holds = played.agreement >= this.demanded;
    this.progress('report', holds ? left + 1 : left);
    if (!holds) return null;
    const {frames} = this.clip;
    const {agreement} = await this.clip.play(this.optionsFor(settings, 'auto'), 0, frames.length);
    this.progress('report', left);
    return agreement >= this.options.atLeast ? played : null;
  }

  private playHeldBack(settings: Settings): Promise<Played> {
    return this.clip.play(this.optionsFor(settings), this.split, this.clip.frames.length);
  }

  private get demanded(): number {
    const {atLeast} = this.options;
    return atLeast + RESERVE * (1 - atLeast);
  }

  private async underNoise(): Promise<number> {
    const {noise, clip, split} = this;
    if (noise.size === 0) return 1;
    const {source, frames} = clip;
    const noisy = async (t: number) => source.write(withNoise(await source.read(frames[t]), noise, t));
    return clip.playDense(split, noisy, (frame) => tf.dispose(frame as tf.TensorContainer));
  }

  private optionsFor(settings: Settings, policy: 'incremental' | 'auto' = 'incremental'): RunnerOptions {
    return {policy, ...this.asOptions(settings)};
  }

  private asOptions({gate, relative}: Settings): Omit<Calibration, 'report'> {
    const nodes = [...relative].map(([name, share]) => [name, rounded(share * this.scales.get(name)!)]);
    return {inputThreshold: gate, threshold: {nodes: Object.fromEntries(nodes)}};
  }

  /** @param left runs that may follow, at most */
  private progress(stage: CalibrationStage, left: number): void {
    this.done++;
    const progress = {stage, done: this.done, total: this.done + Math.max(0, left), macsShare: this.best};
    const {onProgress, verbose} = this.options;
    onProgress?.(progress);
    if (verbose) this.printProgress(progress);
  }

  /** One line for each tenth of the way. */
  private printProgress({stage, done, total, macsShare}: CalibrationProgress): void {
    const tenth = `${Math.floor((10 * done) / total) * 10} %`;
    if (tenth === this.printed) return;
    this.printed = tenth;
    const share = `${(100 * macsShare).toFixed(1)} % of the multiply-adds`;
    this.print(
      `calibrate: ${tenth} (${STAGES[stage]}), run ${done} of at most ${total}; the best so far computes ${share}`,
    );
  }
}

const STAGES: Record<CalibrationStage, string> = {
  model: 'the model itself',
  gate: 'gates for the input',
  thresholds: 'thresholds for all',
  nodes: 'thresholds from front to back',
  refinement: 'all thresholds together',
  report: 'frames held back',
};

function largest(inputs: readonly FrameValues[]): FrameValues {
  return inputs.reduce((most, one) => (one.values.length > most.values.length ? one : most));
}

/** Of the two longer axes, as rows and columns are; channels may come before or after them. */
function shorterSide([, ...axes]: readonly number[]): number {
  const [longest = 1, next = longest] = axes.sort((a, b) => b - a);
  return next;
}

/** Up to `most` of the numbers below `count`, evenly spread. */
function spread(count: number, most: number): number[] {
  const chosen = Math.min(count, most);
  return Array.from({length: chosen}, (_, i) => Math.floor((i * count) / chosen));
}
