/** What Node and a page do each in their own way, for those that run a network there. */
import type {LiteRt, OnnxWeb} from './peers';
import type {Threads} from '../sides';
import type {OnnxRuntime} from '../../../examples/atari/onnx/runtime';

export interface Platform {
  /** A file of the work. */
  read(name: string): Promise<ArrayBuffer>;
  /** Makes one of tfjs's backends current. */
  useBackend(backend: 'wasm' | 'tensorflow', threads: Threads): Promise<void>;
  loadLiteRt(threads: Threads): Promise<LiteRt>;
  loadOnnxWeb(): Promise<OnnxWeb>;
  loadOnnxNode(): Promise<OnnxRuntime>;
}
