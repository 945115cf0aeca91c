/** What frames may come as on WebGPU, what is told of them afterwards, and what is refused. */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {withReuse} from '../../../src';
import {deviceOf, onWebGpu} from './backend';

const [HEIGHT, WIDTH] = [9, 11];

function smallModel() {
  const shape = [HEIGHT, WIDTH, 3];
  const first = layers.conv2d({inputShape: shape, filters: 4, kernelSize: 3, name: 'first'});
  return sequential({layers: [first, layers.conv2d({filters: 2, kernelSize: 3, name: 'second'})]});
}

const bytes = (seed: number) =>
  Uint8ClampedArray.from({length: 4 * HEIGHT * WIDTH}, (_, i) => (i * 37 + seed * (i % 5)) % 256);

async function valuesOf(y: unknown): Promise<Float32Array> {
  const values = await (y as tf.Tensor).data<'float32'>();
  tf.dispose(y as tf.Tensor);
  return values;
}

/** A canvas as far as a size tells one; this host has none. */
const canvas = (data: Uint8ClampedArray) => ({
  width: WIDTH,
  height: HEIGHT,
  getContext: () => null,
  pixels: data,
});

onWebGpu('frames', () => {
  it('may be images, which the device takes from where they are', async () => {
    const model = smallModel();
    const [shown, drawn] = [withReuse(model), withReuse(model)];
    const {queue} = deviceOf();
    const upload = jest
      .spyOn(queue, 'copyExternalImageToTexture')
      .mockImplementation(({source}, {texture}, size) => {
        const {pixels} = source as unknown as ReturnType<typeof canvas>;
        queue.writeTexture({texture}, pixels as BufferSource, {bytesPerRow: 4 * WIDTH}, size);
      });
    for (let t = 0; t < 3; t++) {
      const image = canvas(bytes(t));
      const actual = await valuesOf(shown.predict(image as unknown as HTMLCanvasElement));
      const picture = {width: WIDTH, height: HEIGHT, data: image.pixels};
      expect(actual).toEqual(await valuesOf(drawn.predict(picture)));
    }
    expect(upload).toHaveBeenCalledTimes(3);
    upload.mockRestore();
    [shown, drawn, model].forEach((each) => each.dispose());
  });

  it('are reported when that is asked for, and not before', async () => {
    const model = smallModel();
    const reuse = withReuse(model);
    const frame = new Float32Array(HEIGHT * WIDTH * 3);
    expect(await reuse.report()).toBeNull();
    tf.dispose(reuse.predict(frame) as tf.Tensor);
    frame[3 * (4 * WIDTH + 5)] = 1;
    tf.dispose(reuse.predict(frame) as tf.Tensor);
    expect(reuse.lastFrame).toBeNull();
    const report = (await reuse.report())!;
    expect([report.path, report.changed]).toEqual(['incremental', null]);
    expect(report.layers.map(({affected, engine}) => [affected, engine])).toEqual([
      [9, 'webgpu'],
      [25, 'webgpu'],
    ]);
    reuse.dispose();
    model.dispose();
  });

  it('are timed node by node where the frame before was reported with times, and then alone', async () => {
    const model = smallModel();
    const reuse = withReuse(model);
    const frame = new Float32Array(HEIGHT * WIDTH * 3);
    const makes = jest.spyOn(deviceOf(), 'createQuerySet');
    const times: number[][] = [];
    const values: Float32Array[] = [];
    for (let t = 0; t < 6; t++) {
      frame[7 * t] = 1;
      const y = reuse.predict(frame);
      if (t !== 1 && t !== 4) times.push((await reuse.report({times: t === 2}))!.layers.map(({ms}) => ms));
      values.push(await valuesOf(y));
    }
    const isTold = deviceOf().features.has('timestamp-query');
    expect(times.map((all) => all.every((ms) => ms > 0))).toEqual([false, false, isTold, false]);
    expect(times.flat().every((ms) => ms >= 0 && ms < 1e4)).toBe(true);
    expect(makes).toHaveBeenCalledTimes(isTold ? 1 : 0);
    makes.mockRestore();
    const fresh = withReuse(model);
    expect(await valuesOf(fresh.predict(frame))).toEqual(values[5]);
    [reuse, fresh, model].forEach((each) => each.dispose());
  });

  it('are held to what is said of them by whoever can wait', async () => {
    const model = smallModel();
    const reuse = withReuse(model, {verify: true});
    const frame = new Float32Array(HEIGHT * WIDTH * 3);
    const changed = [{y: 4, x: 5, height: 1, width: 2}];
    const play = async (value: number, at: number) => {
      frame[3 * (at * WIDTH + 5)] = value;
      return valuesOf(await reuse.predictAsync(frame, {changed}));
    };
    await play(1, 4);
    const before = await play(2, 4);
    await expect(play(1, 3)).rejects.toThrow(/'changed' misses 1 of the 1 pixels of input 0.*"y":3,"x":5/);
    expect(() => reuse.predict(frame, {changed})).toThrow(/verify: on the webgpu backend.*predictAsync/);
    frame[3 * (3 * WIDTH + 5)] = 0;
    expect(await play(2, 4)).toEqual(before);
    expect((await reuse.report())!.layers[0].changed).toBe(0);
    reuse.dispose();
    model.dispose();
  });

  it('with new weights are computed in full', async () => {
    const model = smallModel();
    const reuse = withReuse(model);
    const x = tf.randomUniform([1, HEIGHT, WIDTH, 3]);
    await valuesOf(reuse.predict(x));
    const weights = model.getWeights().map((weight) => tf.mul(weight, 2));
    model.setWeights(weights);
    const [actual, expected] = [await valuesOf(reuse.predict(x)), await valuesOf(model.predict(x))];
    actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 3));
    tf.dispose([x, weights]);
    reuse.dispose();
    model.dispose();
  });

  it('cannot be read at once, recorded, or taken on another backend', async () => {
    const model = smallModel();
    const reuse = withReuse(model);
    expect(() => reuse.run(new Float32Array(HEIGHT * WIDTH * 3))).toThrow(/cannot be read synchronously/);
    expect(() => reuse.record()).toThrow(/engine: 'tfjs'/);
    reuse.dispose();
    model.dispose();
  });

  it('of a channel that is -Infinity throughout have that as their maximum', async () => {
    const model = sequential({layers: [layers.globalMaxPooling2d({inputShape: [5, 6, 2]})]});
    const reuse = withReuse(model);
    const frame = new Float32Array(60).fill(-Infinity);
    const play = () => valuesOf(reuse.predict(frame));
    expect(await play()).toEqual(Float32Array.of(-Infinity, -Infinity));
    frame[7] = -3;
    expect(await play()).toEqual(Float32Array.of(-Infinity, -3));
    reuse.dispose();
    model.dispose();
  });

  it('kept by a caller stay as they were', async () => {
    const model = smallModel();
    const reuse = withReuse(model);
    const [a, b] = [0, 1].map((seed) => tf.randomUniform([1, HEIGHT, WIDTH, 3], 0, 1, 'float32', seed));
    const kept = reuse.predict(a) as tf.Tensor;
    const before = (await kept.data()).slice();
    const copy = tf.mul(kept, 1);
    tf.dispose(reuse.predict(b) as tf.Tensor);
    expect(await copy.data()).toEqual(before);
    tf.dispose([a, b, kept, copy]);
    reuse.dispose();
    model.dispose();
  });
});
