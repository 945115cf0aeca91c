/** A graph that needs more than the engine can ever have: that is known before anything is allocated. */
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {ActivationCache} from '../../../src/cache';
import {wasmEngine} from '../../../src/engines/wasm/engine';
import {currentInstance} from '../../../src/engines/wasm/instance';
import {importLayersModel} from '../../../src/importers';
import {useBackend} from '../../backends';

const EXACT = {thresholds: new Map<number, number>(), inputThreshold: 0};

beforeAll(() => useBackend('cpu'));

test('4.4 GB of activations are refused without taking a byte', () => {
  const SHAPE = [4096, 4096, 3];
  const conv = {filters: 16, kernelSize: 3, padding: 'same', activation: 'relu'} as const;
  const model = sequential({
    layers: [
      layers.conv2d({...conv, inputShape: SHAPE}),
      ...Array.from({length: 3}, () => layers.conv2d(conv)),
      layers.globalAveragePooling2d({}),
    ],
  });
  const {memory} = currentInstance()!;
  const before = memory.buffer.byteLength;
  const program = wasmEngine.compile(importLayersModel(model, [SHAPE]), EXACT);
  expect(memory.buffer.byteLength).toBe(before);
  expect(program.cacheBytes).toBe(0);
  expect(program.isLost).toBe(false);
  const cache = new ActivationCache();
  expect(program.unsupportedReason(cache)).toMatch(/no memory for 45\d{8} more bytes beside the 0 held/);
  expect(() => program.record(cache, {weights: new Set(), cutPoints: [], maxBytes: Infinity})).toThrow(
    /no memory/,
  );
  program.dispose();
  model.dispose();
});
