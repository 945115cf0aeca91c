/**
 * Who computes a frame: the engine incrementally, the engine in full (which fills the cache anew), or the wrapped
 * model on its own backend (which leaves the cache behind). What a policy is, and those that need nothing to decide by.
 */

/** Who may compute a frame; see `ReuseOptions.policy`. */
export type PolicyName = 'auto' | 'incremental' | 'dense';
/** Who computed a frame: the engine incrementally, the engine in full, or the model itself. */
export type Path = 'incremental' | 'prime' | 'dense';

/** What the decision rests on. */
export interface Situation {
  /** Whether the cache holds the activations of a frame. */
  readonly primed: boolean;
  /** Share of the input's pixels that changed since that frame; where there is none, since the last one that was seen. */
  readonly share: number;
}

export interface Decision {
  readonly path: Path;
  readonly reason: string;
  /** Whether the cache is not worth keeping for this scene: the next frames are only monitored. */
  readonly givesUp?: boolean;
  /** Whether it rests on what the policy expects of this frame. */
  readonly isJudged?: boolean;
}

/** What a frame was expected to take, milliseconds; null where nobody knows. */
export interface Expectation {
  readonly engine: number | null;
  readonly model: number | null;
}

/** Whoever decides for a stream. */
export interface FramePolicy {
  /** True where the next frame goes to the model without even being compared. */
  readonly rests: boolean;
  /** @param forecast milliseconds that the engine would take for the change, as it reckons; costs a little. Null where it cannot tell */
  decide(situation: Situation, forecast: (() => number) | null): Decision;
  /** Of the frame that was decided on last. */
  readonly expectation: Expectation | null;
  observe(path: Path, share: number, ms: number, overhead: number): void;
  /** Takes in a frame of a rest in one step: `decide` and `observe` for a frame that nobody had to look at. */
  restOn(ms: number): void;
}

const ALWAYS_DENSE: Decision = {path: 'dense', reason: "policy is 'dense'"};
const ALWAYS_INCREMENTAL: Decision = {path: 'incremental', reason: "policy is 'incremental'"};
const ALWAYS_PRIME: Decision = {...ALWAYS_INCREMENTAL, path: 'prime'};
export const REST: Decision = {
  path: 'dense',
  reason: 'reuse did not pay lately; it is tried again from time to time',
};

/** Whether this is the decision of a policy that rests. */
export const isRest = (decision: Decision) => decision === REST || decision === ALWAYS_DENSE;

/** 'dense' and 'incremental': the same for every frame. */
export function fixedPolicy(name: Exclude<PolicyName, 'auto'>): FramePolicy {
  const isDense = name === 'dense';
  return {
    rests: isDense,
    expectation: null,
    decide: ({primed}) => (isDense ? ALWAYS_DENSE : primed ? ALWAYS_INCREMENTAL : ALWAYS_PRIME),
    observe: () => undefined,
    restOn: () => undefined,
  };
}
