/** A side of the comparison with peers: who runs the model over frames, one after another, and times itself. */
import {cpus} from 'node:os';

/** What the sides are called in JSON, in the order of the table. */
export const SIDE_IDS = ['tfjs-wasm', 'tfjs-node', 'onnx-1', 'onnx-2', 'reuse'] as const;
export type SideId = (typeof SIDE_IDS)[number];

/** tfjs's wasm backend has one thread in Node, as reuse has; TensorFlow takes all cores. */
export const threadsOf = (): Readonly<Record<SideId, number>> => ({
  'tfjs-wasm': 1,
  'tfjs-node': cpus().length,
  'onnx-1': 1,
  'onnx-2': 2,
  reuse: 1,
});

export interface Prediction {
  /** From the input, in the order of axes that the side takes, to the outputs' values. */
  readonly ms: number;
  /** Channels last. */
  readonly outputs: readonly Float32Array[];
}

export interface PeerSide {
  readonly id: SideId;
  /** @param frames channels last */
  play(frames: readonly Float32Array[]): Promise<readonly Prediction[]>;
  dispose(): void | Promise<void>;
}
