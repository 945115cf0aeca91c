/** Every side's results against the model's own. */
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {checkClose, checkOutput} from '../examples/atari/check';
import type {Game} from '../examples/atari/games';
import type {NetworkSize} from '../examples/atari/network';
import {reference} from '../examples/atari/reference';
import type {Frames} from './frames';
import type {Side} from './sides';

export class Checker {
  /** In float64, by stretch and frame; worked out where float32 results differ by more than a little. */
  private readonly exact = new Map<string, Float64Array>();

  /** @param expected the results of `model` for every frame */
  constructor(
    private readonly game: Game,
    private readonly model: LayersModel,
    private readonly size: NetworkSize,
    private readonly all: readonly Frames[],
    private readonly expected: readonly (readonly Float32Array[])[],
  ) {}

  /** @throws Mismatch */
  check({id, promises}: Side, stretch: number, frame: number, values: Float32Array): void {
    const expected = this.expected[stretch][frame];
    const where = `${this.game}, ${id}, stretch ${stretch}, frame ${frame}`;
    if (promises === 'exact') checkOutput(values, expected, () => this.exactly(stretch, frame), where);
    else checkClose(values, expected, where);
  }

  private exactly(stretch: number, frame: number): Float64Array {
    const key = `${stretch}/${frame}`;
    const known = this.exact.get(key) ?? reference(this.model, this.size, this.all[stretch][frame]);
    this.exact.set(key, known);
    return known;
  }
}
