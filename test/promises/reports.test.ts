/**
 * lastFrame, report() and summary() tell of the last frame what truly changed in each layer, or nothing: whatever was done
 * between, they never read what lies where an emptied cache was. The plain model says which pixels of each layer differ from
 * those of the frame before.
 */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {withReuse, type Episode, type FrameReport, type ReuseModel} from '../../src';
import {useBackend} from '../backends';
import {sample} from '../scale';
import {sidesInTurn} from './helpers';
import {differing, images, Reference, setWholes, wholes, windows, type Frame, type Subject} from './told';

type Expected = readonly number[][] | null;

const actions = [
  ...['edit', 'edit', 'edit', 'same', 'batch', 'other shape', 'variant', 'variant'],
  ...['fails', 'variant fails', 'lies', 'reset', 'clear', 'weights', 'record', 'go back', 'end'],
  ...['neighbour', 'neighbour leaves', 'anew', 'refused'],
] as const;
type Action = (typeof actions)[number];

interface Wrapped {
  readonly reuse: ReuseModel;
  readonly subject: Subject;
}

class Player {
  private reuse: ReuseModel;
  private readonly reference: Reference;
  private readonly neighbours: Wrapped[] = [];
  private episode: Episode | null = null;
  private shape: readonly number[];
  private frame: Frame;
  /** The frame in the cache. */
  private cached: Frame | null = null;
  private expected: Expected = null;
  private isMore = false;
  /** Shapes that the model was imported for. */
  private readonly imported = new Set<readonly number[]>();
  private seed = 1;
  told = 0;

  constructor(
    private readonly subject: Subject,
    private readonly engine: 'auto' | 'tfjs',
  ) {
    setWholes(subject, 1);
    this.reuse = this.open();
    this.reference = new Reference(subject);
    [this.shape] = subject.shapes;
    this.frame = this.newFrame();
  }

  async take(action: Action, asynchronous: boolean): Promise<void> {
    await this.act(action, asynchronous);
    this.judge(this.reuse.lastFrame, action);
    this.judge(await this.reuse.report(), action);
    const lines: string[] = [];
    if (this.subject.shapes.length === 1 || this.expected) this.reuse.summary((line) => lines.push(line));
    if (this.expected) this.told++;
  }

  dispose(): void {
    this.episode?.dispose();
    this.reuse.dispose();
    this.neighbours.forEach(leave);
    this.subject.model.dispose();
  }

  private open(): ReuseModel {
    return withReuse(this.subject.model, {policy: 'incremental', engine: this.engine, verify: true});
  }

  private async act(action: Action, asynchronous: boolean): Promise<void> {
    switch (action) {
      case 'edit':
        return this.show(this.edited(), asynchronous);
      case 'same':
        return this.show(this.frame, asynchronous);
      case 'batch':
        return this.showBatch();
      case 'other shape':
        this.shape = this.subject.shapes[this.seed++ % this.subject.shapes.length];
        return this.episode ? undefined : this.show(this.newFrame(), asynchronous);
      case 'variant':
        return this.vary();
      case 'fails':
        return this.fail(asynchronous, true);
      case 'variant fails':
        return this.cached && !this.episode ? this.fail(asynchronous, false) : undefined;
      case 'lies':
        return this.lie();
      case 'refused':
        expect(() => this.reuse.predict(new Float32Array(3))).toThrow();
        return;
      case 'reset':
        this.reuse.reset();
        if (!this.episode) this.empty();
        return;
      case 'clear':
        this.reuse.cache.clear();
        this.empty();
        return this.end();
      case 'weights':
        this.end();
        setWholes(this.subject, this.seed++);
        // What the cache holds is of the weights before; its report still tells what happened then.
        this.cached = null;
        return;
      case 'record':
        return this.record();
      case 'go back':
        return this.runBackward();
      case 'end':
        return this.end();
      case 'neighbour':
        return this.neighbour();
      case 'neighbour leaves':
        return void this.neighbours.splice(0, 1).forEach(leave);
      case 'anew':
        this.end();
        this.reuse.dispose();
        expect(this.reuse.lastFrame).toBeNull();
        this.reuse = this.open();
        this.imported.clear();
        return this.empty();
    }
  }

  private empty(): void {
    this.cached = this.expected = null;
  }

  private newFrame(): Frame {
    return {values: wholes(tf.util.sizeFromShape([...this.shape]), this.seed++), shape: this.shape};
  }

  private edited(from = this.frame): Frame {
    const values = from.values.slice();
    const at = (this.seed++ * 37) % values.length;
    values[at] = values[at] === 2 ? -1 : values[at] + 1;
    return {...from, values};
  }

  private tensor({values, shape}: Frame): tf.Tensor {
    return tf.tensor(values.slice(), [1, ...shape]);
  }

  /** What a frame changes of the one in the cache. */
  private changesOf(frame: Frame): number[][] {
    const isNew = this.cached === null || String(this.cached.shape) !== String(frame.shape);
    const before = isNew ? null : this.reference.activations(this.cached!);
    return this.reference.activations(frame).map((one, i) => differing(one, before && before[i]));
  }

  private async show(frame: Frame, asynchronous: boolean): Promise<void> {
    const x = this.tensor(frame);
    const y = (
      asynchronous && !this.episode ? await this.reuse.predictAsync(x) : this.reuse.predict(x)
    ) as tf.Tensor;
    expect([...y.dataSync()]).toEqual([...this.reference.output(frame)]);
    tf.dispose([x, y]);
    this.expected = this.changesOf(frame);
    this.frame = this.cached = frame;
    this.isMore = this.handsOnMore();
    this.imported.add(frame.shape);
  }

  /**
   * Whether more pixels count as changed than differ: while an episode records, those that break a run of equal gradients; and
   * where memory is composed, all that were written.
   */
  private handsOnMore(): boolean {
    const isComposed = this.engine === 'tfjs' && tf.getBackend() === 'tensorflow';
    return isComposed || (this.episode?.frames ?? 0) > 1;
  }

  private showBatch(): void {
    const first = this.edited();
    const second = this.edited(first);
    const x = tf.tensor([...first.values, ...second.values], [2, ...first.shape]);
    tf.dispose([x, this.reuse.predict(x)]);
    this.cached = first;
    this.expected = this.changesOf(second);
    this.frame = this.cached = second;
    this.isMore = this.handsOnMore();
  }

  private vary(): void {
    // What becomes of variants of a frame that is not cached any more: variants.test.ts.
    if (this.episode || this.cached === null) return;
    const variant = this.edited(this.cached);
    const x = this.tensor(variant);
    tf.dispose([x, this.reuse.predict(x, {commit: false})]);
    this.expected = this.changesOf(variant);
    this.isMore = this.handsOnMore();
  }

  /** The layer that the model computes throws, where it is computed at all: then the frame goes by with it. */
  private async fail(asynchronous: boolean, commit: boolean): Promise<void> {
    // A layer that somebody has mocked is not taken for tfjs's own when a model is imported.
    if (!this.imported.has(this.shape)) return;
    const x = this.tensor(this.newFrame());
    const fails = jest.spyOn(this.subject.own, 'apply').mockImplementation(() => {
      throw new Error('out of order');
    });
    const work = async () =>
      asynchronous && !this.episode ? this.reuse.predictAsync(x, {commit}) : this.reuse.predict(x, {commit});
    await expect(work()).rejects.toThrow('out of order');
    fails.mockRestore();
    x.dispose();
    this.expected = null;
    if (commit) this.empty();
    if (commit) this.end();
  }

  /** `changed` that leaves out what changed: refused before anything is computed. */
  private lie(): void {
    if (this.cached === null) return;
    const edited = this.edited(this.cached);
    const x = this.tensor(edited);
    expect(() => this.reuse.predict(x, {changed: []})).toThrow(/verify: 'changed' misses/);
    x.dispose();
    this.expected = null;
  }

  private record(): void {
    if (this.episode || this.subject.shapes.length > 1 || !this.subject.told.includes('second')) return;
    // tfjs's wasm backend has no gradients of convolutions, which the portable engine needs.
    if (this.engine === 'tfjs' && tf.getBackend() === 'wasm') return;
    this.episode = this.reuse.record();
  }

  private runBackward(): void {
    if (!this.episode?.frames) return;
    const {value, grads} = this.episode.valueAndGrads((outputs) => tf.sum(outputs as tf.Tensor));
    tf.dispose([value, grads]);
    this.empty();
    this.end();
  }

  private end(): void {
    this.episode?.dispose();
    this.episode = null;
  }

  /** Another model's cache, where that of this one may have been. */
  private neighbour(): void {
    const subject = images([[5 + (this.seed++ % 9), 8, 2]]);
    const reuse = withReuse(subject.model, {policy: 'incremental', engine: this.engine});
    tf.tidy(() => void reuse.predict(tf.ones([1, ...subject.shapes[0]])));
    this.neighbours.push({reuse, subject});
  }

  private judge(report: FrameReport | null, action: Action): void {
    if (this.expected === null) {
      expect(report).toBeNull();
      return;
    }
    expect(report!.layers.map(({name}) => name)).toEqual(this.subject.told);
    const masks = report!.layers.map(({region}) => [...region!.toMask()]);
    const differ = masks.map((mask, i) =>
      mask.map((bit, pixel) => (this.isMore ? bit & this.expected![i][pixel] : bit)),
    );
    expect([action, ...differ.map(String)]).toEqual([action, ...this.expected.map(String)]);
    expect(report!.layers.map(({changed}) => changed)).toEqual(
      masks.map((mask) => mask.reduce((a, b) => a + b, 0)),
    );
  }
}

function leave({reuse, subject}: Wrapped): void {
  reuse.dispose();
  subject.model.dispose();
}

const subjects = {
  'an image': () => images(),
  'images of two sizes': () =>
    images([
      [9, 8, 2],
      [6, 40, 2],
    ]),
  'a window of frames': windows,
};

describe.each(sidesInTurn(1))('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));

  test.each(Object.keys(subjects) as (keyof typeof subjects)[])('%s', async (name) => {
    let [told, taken] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...actions), fc.boolean()), {minLength: 12, maxLength: 30}),
        async (plan) => {
          const player = new Player(subjects[name](), engine);
          try {
            for (const [action, asynchronous] of plan) await player.take(action, asynchronous);
          } finally {
            player.dispose();
          }
          told += player.told;
          taken += plan.length;
        },
      ),
      sample({short: 3, ci: 10, long: 200}),
    );
    expect(told / taken).toBeGreaterThan(0.3);
  });
});
