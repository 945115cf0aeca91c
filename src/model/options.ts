/** The options of `withReuse`, their defaults, and what is refused of them. */
import type {EngineChoice, Threshold} from '../engines';
import type {PolicyName} from '../stream';

/** Options of `withReuse`. */
export interface ReuseOptions {
  /**
   * Who computes: 'wasm' (kernels of this package, on the CPU), 'tfjs' (portable), or 'auto', the default: the fastest
   * that suits the backend and can run the model. This version has no 'webgpu'.
   */
  engine?: 'auto' | 'wasm' | 'webgpu' | 'tfjs';
  /**
   * 'incremental' recomputes what the change reached in every frame; 'dense' runs the wrapped model; 'auto', the
   * default, takes whichever is expected to be faster, frame by frame.
   */
  policy?: PolicyName;
  /** A pixel of an input counts as changed where a channel moved by more than this, in input units. Default 0: any bit. */
  inputThreshold?: number;
  /**
   * How far a cached activation may be from what its node computes from its cached inputs: a number in the units of
   * the activation, or relative to each channel's RMS over the first frame. Given alone, or as `default`, it holds for
   * every node with more than one pixel; `nodes` sets it by layer name. Default 0: exact.
   */
  threshold?: Threshold | {default?: Threshold; nodes?: Record<string, Threshold>};
  /** What the batch axis is: consecutive frames of one stream ('time', the default), or one stream a row ('streams'). */
  batch?: 'time' | 'streams';
  /** Most bytes of cached activations a stream may take; above it, frames are computed by the model. Default: no limit. */
  maxBytes?: number;
  /** Checks a caller's `changed` against the frames, and throws where it misses a pixel. For tests. Default false. */
  verify?: boolean;
}

export interface ResolvedOptions {
  readonly engine: EngineChoice;
  readonly policy: PolicyName;
  readonly inputThreshold: number;
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

function thresholdOf(what: string, threshold: Threshold | undefined): Threshold {
  if (threshold !== null && typeof threshold === 'object') {
    const relative = atLeastZero(`${what}.relative`, threshold.relative, 0);
    return relative === 0 ? 0 : {relative};
  }
  return atLeastZero(what, threshold, 0);
}

/** A name that is misspelt would be left unheard. */
function onlyKnown(what: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new Error(
    `withReuse: ${what} has no '${unknown}'; it has ${known.map((name) => `'${name}'`).join(', ')}.`,
  );
}

function thresholdsOf(threshold: ReuseOptions['threshold']): ResolvedOptions['threshold'] {
  const isMap = typeof threshold === 'object' && threshold !== null && !('relative' in threshold);
  if (!isMap) return {default: thresholdOf('threshold', threshold as Threshold | undefined), nodes: {}};
  const map = threshold as {default?: Threshold; nodes?: Record<string, Threshold>};
  onlyKnown('threshold', map, ['relative', 'default', 'nodes']);
  const nodes = Object.entries(map.nodes ?? {}).map(
    ([name, value]) => [name, thresholdOf(`threshold.nodes['${name}']`, value)] as const,
  );
  return {default: thresholdOf('threshold.default', map.default), nodes: Object.fromEntries(nodes)};
}

/** The options with defaults in place; throws for what is out of range. */
export function resolveOptions(options: ReuseOptions = {}): ResolvedOptions {
  onlyKnown('options', options, [
    'engine',
    'policy',
    'inputThreshold',
    'threshold',
    'batch',
    'maxBytes',
    'verify',
  ]);
  const engine = oneOf('engine', options.engine, ['auto', 'tfjs', 'wasm', 'webgpu']);
  if (engine === 'webgpu')
    throw new Error("withReuse: this version has no webgpu engine; use engine 'auto' or 'tfjs'.");
  return {
    engine,
    policy: oneOf('policy', options.policy, ['auto', 'incremental', 'dense']),
    inputThreshold: atLeastZero('inputThreshold', options.inputThreshold, 0),
    threshold: thresholdsOf(options.threshold),
    batch: oneOf('batch', options.batch, ['time', 'streams']),
    maxBytes: atLeastZero('maxBytes', options.maxBytes, Infinity),
    verify: options.verify ?? false,
  };
}
