/** The helper itself: every backend that tests run on computes, and those left out are named. */
import {getBackend, square, tensor1d} from '@tensorflow/tfjs-core';
import {backends, leftOut, useBackend} from './backends';

describe.each(backends)('the backend %s', (name) => {
  beforeAll(() => useBackend(name));

  it('computes', () => {
    expect(getBackend()).toBe(name);
    const x = tensor1d([1, 2, 3]);
    const y = square(x);
    expect([...y.dataSync()]).toEqual([1, 4, 9]);
    x.dispose();
    y.dispose();
  });
});

for (const {name, why} of leftOut) it.skip(`the backend ${name} does not run here: ${why}`, () => undefined);
