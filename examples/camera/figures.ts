/** What is reported of a run, and how it follows from what was measured. Plain data, as it goes to JSON. */
import {mean, median} from '../atari/figures';

export interface FrameFigures {
  /** Its place in the clip; the first is 0, and is not measured: all of it is new. */
  readonly frame: number;
  readonly denseMs: number;
  readonly reuseMs: number;
  /** Who computed it: 'incremental', 'prime' or 'dense'. */
  readonly path: string;
  /** Share of the input's pixels that moved by more than the gate since the frame before, 0 to 1. */
  readonly changed: number;
  /** Multiply-adds done with reuse, and those of the pixels truly affected: shares of a dense frame's. */
  readonly computed: number;
  readonly affected: number;
  /** Euclidean distance of all outputs from the model's own, relative to their length; 1 at most. */
  readonly distance: number;
  /** Of the result with the model's own, 0 to 1, by the task's measure. */
  readonly agreement: number;
  /** Of the model's own result with that of the frame before: what a result that is never renewed would have. */
  readonly steadiness: number;
  /** Detections, poses, or pixels within the mask that either side found. */
  readonly denseFound: number;
  readonly reuseFound: number;
}

/** One node of the plan, means over the frames that were computed node by node; shares, 0 to 1. */
export interface LayerFigures {
  readonly name: string;
  readonly op: string;
  /** Pixels that the change reached, were computed, and came out another. */
  readonly affected: number;
  readonly computed: number;
  readonly changed: number;
  readonly denseMacs: number;
}

export interface Figures {
  readonly frames: readonly FrameFigures[];
  /** Empty where the model computed all frames. */
  readonly layers: readonly LayerFigures[];
  readonly denseMs: number;
  readonly reuseMs: number;
  readonly denseMedianMs: number;
  readonly reuseMedianMs: number;
  readonly speedUp: number;
  readonly changed: number;
  readonly computed: number;
  readonly affected: number;
  readonly distance: number;
  readonly agreement: number;
  readonly leastAgreement: number;
  readonly steadiness: number;
  readonly denseFound: number;
  readonly reuseFound: number;
  /** How many frames were computed in which way. */
  readonly paths: Readonly<Record<string, number>>;
}

/** Means over frames; the ratio is of the means. */
export function summarize(frames: readonly FrameFigures[], layers: readonly LayerFigures[]): Figures {
  const all = (key: Exclude<keyof FrameFigures, 'path'>) => frames.map((frame) => frame[key]);
  const of = (key: Exclude<keyof FrameFigures, 'path'>) => mean(all(key));
  const paths: Record<string, number> = {};
  for (const {path} of frames) paths[path] = (paths[path] ?? 0) + 1;
  return {
    frames,
    layers,
    denseMs: of('denseMs'),
    reuseMs: of('reuseMs'),
    denseMedianMs: median(all('denseMs')),
    reuseMedianMs: median(all('reuseMs')),
    speedUp: of('denseMs') / of('reuseMs'),
    changed: of('changed'),
    computed: of('computed'),
    affected: of('affected'),
    distance: of('distance'),
    agreement: of('agreement'),
    leastAgreement: Math.min(...all('agreement')),
    steadiness: of('steadiness'),
    denseFound: of('denseFound'),
    reuseFound: of('reuseFound'),
    paths,
  };
}
