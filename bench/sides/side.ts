/** The sides of the benchmark: what each is called, how its times are to be taken, and what it promises. */
import type {Side as Player} from '../../examples/atari/sides/side';

/** What the sides are called in options and in JSON, in the order of the tables. */
export const SIDE_IDS = [
  'dense-wasm',
  'dense-tensorflow',
  'dense-cpu',
  'onnx-1',
  'onnx-2',
  'full',
  'reuse',
  'run',
  'auto-wasm',
  'auto-tensorflow',
  'auto-cpu',
] as const;
export type SideId = (typeof SIDE_IDS)[number];

/**
 * How a side's times become one: `sampled` costs the same whatever a frame shows, so that a sample will do; `steady`
 * depends on the frame alone, `adaptive` on its own history too.
 */
export type Kind = 'sampled' | 'steady' | 'adaptive';

export interface Side extends Player {
  readonly id: SideId;
  readonly kind: Kind;
  /** Whether a result must be as near to the model's own as the library promises, or to 1e-4 only. */
  readonly promises: 'exact' | 'close';
}
