/** `model.calibrate` where nothing can be read at once: what a frame took is fetched from the device. */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {agreements, withReuse} from '../../../src';
import {numbers, randomize} from '../../importers/helpers';
import {onWebGpu} from './backend';

const SHAPE = [8, 10, 2] as const;
const FRAMES = 6;

/** A bright pixel that wanders over a still background, and a little noise everywhere. */
function clip(): Float32Array[] {
  const background = numbers(8 * 10 * 2, 3);
  return Array.from({length: FRAMES}, (_, t) => {
    const noise = numbers(background.length, 50 + t);
    const frame = background.map((value, i) => value + 1e-3 * noise[i]);
    frame.fill(3, 24 + 2 * t, 26 + 2 * t);
    return frame;
  });
}

onWebGpu('calibration', () => {
  it('finds a gate that leaves noise out, and counts what frames then take', async () => {
    const model = sequential({
      layers: [
        layers.conv2d({inputShape: [...SHAPE], filters: 4, kernelSize: 3, activation: 'relu', name: 'first'}),
        layers.conv2d({filters: 4, kernelSize: 3, name: 'second'}),
      ],
    });
    randomize(model);
    const reuse = withReuse(model, {engine: 'webgpu'});
    const before = tf.memory().numTensors;
    let best = 1;
    const {report, inputThreshold} = await reuse.calibrate(clip(), {
      agreement: agreements.raw(),
      atLeast: 0.5,
      gates: [0.05],
      onProgress: ({macsShare}) => void (best = macsShare),
    });
    expect(tf.memory().numTensors).toBe(before);
    expect(report.agreement).toBeGreaterThan(0.5);
    expect(best).toBeGreaterThan(0);
    expect(best).toBeLessThan(1);
    // Whether it pays on the clock is not ours to say here.
    if (!report.gained) expect(inputThreshold).toBe(0);
    reuse.dispose();
    model.dispose();
  });
});
