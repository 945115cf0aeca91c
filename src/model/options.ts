/** The options of `withReuse`, their defaults, and what is rejected of them. */
import type {CalibrationReport} from '../calibration';
import {flag, isPlainObject, numeric, object, oneOf, onlyKnown} from '../checks';
import {readThreshold, type EngineChoice, type Threshold} from '../engines';
import {readGate, type Gate, type InputThreshold} from '../region';
import type {PolicyName} from '../stream';

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
   * those around what is left. `greyLevels` makes it from grey levels. Default 0: any bit.
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

export const REUSE_OPTIONS: readonly (keyof ReuseOptions)[] = [
  'engine',
  'policy',
  'inputThreshold',
  'threshold',
  'batch',
  'maxBytes',
  'verify',
  'report',
];

const ENGINES = ['auto', 'tfjs', 'wasm', 'webgpu'] as const;
const POLICIES = ['auto', 'incremental', 'dense'] as const;
const BATCHES = ['time', 'streams'] as const;

export interface ResolvedOptions {
  readonly engine: EngineChoice;
  readonly policy: PolicyName;
  readonly inputThreshold: Gate;
  readonly threshold: {readonly default: Threshold; readonly nodes: ReadonlyMap<string, Threshold>};
  readonly batch: 'time' | 'streams';
  readonly maxBytes: number;
  readonly verify: boolean;
}

function thresholdsOf(threshold: ReuseOptions['threshold'] = 0): ResolvedOptions['threshold'] {
  const isMap = isPlainObject(threshold) && !('relative' in threshold);
  if (!isMap)
    return {default: readThreshold('withReuse: threshold', threshold as Threshold), nodes: new Map()};
  onlyKnown(
    'withReuse: threshold',
    threshold,
    ['relative', 'default', 'nodes'],
    " Thresholds by a layer's name go into 'nodes'.",
  );
  const {default: fallback = 0, nodes = {}} = threshold as {
    default?: Threshold;
    nodes?: Record<string, Threshold>;
  };
  object('withReuse: threshold.nodes', nodes, '{[name]: threshold}');
  return {
    default: readThreshold('withReuse: threshold.default', fallback),
    nodes: new Map(
      Object.entries(nodes).map(([name, value]) => [
        name,
        readThreshold(`withReuse: threshold.nodes['${name}']`, value),
      ]),
    ),
  };
}

/** The options with defaults in place; throws for what is out of range. */
export function resolveOptions(given: ReuseOptions = {}): ResolvedOptions {
  const options = object('withReuse: options', given, '{policy, threshold}');
  onlyKnown('withReuse: options', options, REUSE_OPTIONS);
  const {engine = 'auto', policy = 'auto', inputThreshold = 0, batch = 'time'} = options;
  const {maxBytes = Infinity, verify = false, report = {}} = options;
  object('withReuse: report', report, "a calibration's");
  const resolved: ResolvedOptions = {
    engine: oneOf('withReuse: engine', engine, ENGINES),
    policy: oneOf('withReuse: policy', policy, POLICIES),
    inputThreshold: readGate('withReuse: inputThreshold', inputThreshold),
    threshold: thresholdsOf(options.threshold),
    batch: oneOf('withReuse: batch', batch, BATCHES),
    maxBytes: numeric('withReuse: maxBytes', maxBytes, {least: 0, orInfinity: true}),
    verify: flag('withReuse: verify', verify),
  };
  if (resolved.verify && resolved.inputThreshold.grow > 0) {
    throw new Error(
      "withReuse: 'verify' cannot tell what a caller's 'changed' misses where inputThreshold.grow marks more than what changed; " +
        'verify with grow: 0.',
    );
  }
  return resolved;
}
