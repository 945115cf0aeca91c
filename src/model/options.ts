/** The options of `withReuse`, their defaults, and what is refused of them. */
import type {CalibrationReport} from '../calibration';
import type {EngineChoice, Threshold} from '../engines';
import {gateOf, type Gate, type InputThreshold} from '../region';
import type {PolicyName} from '../stream';
import {onlyKnown} from './known';

/** Options of `withReuse`. */
export interface ReuseOptions {
  /**
   * Who computes: 'wasm' (kernels of this package, on the CPU), 'webgpu' (its compute shaders, beside tfjs's webgpu
   * backend), 'tfjs' (portable), or 'auto', the default: the fastest that suits the backend and can run the model.
   */
  engine?: 'auto' | 'wasm' | 'webgpu' | 'tfjs';
  /**
   * 'incremental' recomputes what the change reached in every frame; 'dense' runs the wrapped model; 'auto', the
   * default, takes whichever is expected to be faster, frame by frame.
   */
  policy?: PolicyName;
  /**
   * A pixel of an input counts as changed where a channel moved by more than this, in input units, since the value that
   * was last taken over. `{value, neighbours, grow}` leaves out pixels that moved alone, as a sensor's noise does, and adds
   * those around what is left. Default 0: any bit.
   */
  inputThreshold?: InputThreshold;
  /**
   * How far a cached activation may be from what its node computes from its cached inputs: a number in the units of
   * the activation, or relative to each channel's RMS over the frame that filled the cache, or to `rms`, one value a
   * channel. Given alone, or as `default`, it holds for every node with more than one pixel; `nodes` sets it by layer name.
   * Default 0: exact.
   */
  threshold?: Threshold | {default?: Threshold; nodes?: Record<string, Threshold>};
  /** What the batch axis is: consecutive frames of one stream ('time', the default), or one stream a row ('streams'). */
  batch?: 'time' | 'streams';
  /** Most bytes of cached activations a stream may take; above it, frames are computed by the model. Default: no limit. */
  maxBytes?: number;
  /** Checks a caller's `changed` against the frames, and throws where it misses a pixel. For tests. Default false. */
  verify?: boolean;
  /** What `calibrate` says of the options it found; not heeded. */
  report?: CalibrationReport;
}

export interface ResolvedOptions {
  readonly engine: EngineChoice;
  readonly policy: PolicyName;
  readonly inputThreshold: Gate;
  readonly threshold: {readonly default: Threshold; readonly nodes: Readonly<Record<string, Threshold>>};
  readonly batch: 'time' | 'streams';
  readonly maxBytes: number;
  readonly verify: boolean;
}

function oneOf<T extends string>(what: string, value: T | undefined, choices: readonly T[]): T {
  if (value === undefined) return choices[0];
  if (choices.includes(value)) return value;
  throw new Error(
    `withReuse: ${what} must be one of ${choices.map((c) => `'${c}'`).join(', ')}; got ${String(value)}.`,
  );
}

function atLeastZero(what: string, value: number | undefined, fallback: number): number {
  const number = value ?? fallback;
  if (typeof number === 'number' && number >= 0) return number;
  throw new Error(`withReuse: ${what} must be a number of at least 0; got ${String(value)}.`);
}

/** A copy, so that whoever changes theirs changes nothing here. */
function rmsOf(what: string, rms: number[] | undefined): number[] | undefined {
  if (rms === undefined) return undefined;
  const isList = Array.isArray(rms) && rms.every((value) => Number.isFinite(value) && value >= 0);
  if (isList) return [...rms];
  throw new Error(
    `withReuse: ${what} must be an array of numbers of at least 0, one a channel; got ${String(rms)}.`,
  );
}

function wholeUpTo(what: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= most) return;
  const range = most === Infinity ? 'of at least 0' : `from 0 to ${most}`;
  throw new Error(`withReuse: ${what} must be a whole number ${range}; got ${String(value)}.`);
}

function inputThresholdOf(threshold: InputThreshold = 0): Gate {
  if (typeof threshold !== 'object' || threshold === null)
    return gateOf(atLeastZero('inputThreshold', threshold, 0));
  onlyKnown('withReuse: inputThreshold', threshold, ['value', 'neighbours', 'grow']);
  const gate = gateOf(threshold);
  atLeastZero('inputThreshold.value', gate.value, NaN);
  wholeUpTo('inputThreshold.neighbours', gate.neighbours, 8);
  wholeUpTo('inputThreshold.grow', gate.grow, Infinity);
  return gate;
}

function thresholdOf(what: string, threshold: Threshold | undefined): Threshold {
  if (threshold !== null && typeof threshold === 'object') {
    onlyKnown(`withReuse: ${what}`, threshold, ['relative', 'rms']);
    const relative = atLeastZero(`${what}.relative`, threshold.relative, 0);
    const rms = rmsOf(`${what}.rms`, threshold.rms);
    if (relative === 0) return 0;
    return rms ? {relative, rms} : {relative};
  }
  return atLeastZero(what, threshold, 0);
}

function thresholdsOf(threshold: ReuseOptions['threshold']): ResolvedOptions['threshold'] {
  const isMap = typeof threshold === 'object' && threshold !== null && !('relative' in threshold);
  if (!isMap) return {default: thresholdOf('threshold', threshold as Threshold | undefined), nodes: {}};
  const map = threshold as {default?: Threshold; nodes?: Record<string, Threshold>};
  onlyKnown('withReuse: threshold', map, ['relative', 'default', 'nodes']);
  const nodes = Object.entries(map.nodes ?? {}).map(
    ([name, value]) => [name, thresholdOf(`threshold.nodes['${name}']`, value)] as const,
  );
  return {default: thresholdOf('threshold.default', map.default), nodes: Object.fromEntries(nodes)};
}

/** The options with defaults in place; throws for what is out of range. */
export function resolveOptions(options: ReuseOptions = {}): ResolvedOptions {
  onlyKnown('withReuse: options', options, [
    'engine',
    'policy',
    'inputThreshold',
    'threshold',
    'batch',
    'maxBytes',
    'verify',
    'report',
  ]);
  const engine = oneOf('engine', options.engine, ['auto', 'tfjs', 'wasm', 'webgpu']);
  const inputThreshold = inputThresholdOf(options.inputThreshold);
  if (options.verify && inputThreshold.grow > 0) {
    throw new Error(
      "withReuse: 'verify' cannot tell what a caller's 'changed' misses where inputThreshold.grow marks more than what changed; " +
        'verify with grow: 0.',
    );
  }
  return {
    engine,
    policy: oneOf('policy', options.policy, ['auto', 'incremental', 'dense']),
    inputThreshold,
    threshold: thresholdsOf(options.threshold),
    batch: oneOf('batch', options.batch, ['time', 'streams']),
    maxBytes: atLeastZero('maxBytes', options.maxBytes, Infinity),
    verify: options.verify ?? false,
  };
}
