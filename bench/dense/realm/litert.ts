/** The network in LiteRT.js. */
import {FILES, type Work} from '../works/work';
import type {Threads} from '../sides';
import type {Platform} from './platform';
import type {Player} from './player';

export async function litertPlayer(work: Work, platform: Platform, threads: Threads): Promise<Player> {
  const {loadAndCompile, Tensor} = await platform.loadLiteRt(threads);
  const file = new Uint8Array(await platform.read(FILES.tflite));
  const model = await loadAndCompile(file, {accelerator: 'wasm', cpuOptions: {numThreads: threads}});
  return {
    async predict(frame) {
      const input = new Tensor(frame, work.shape);
      const start = performance.now();
      const results = await model.run(input);
      const outputs = await Promise.all(results.map((result) => result.data()));
      const ms = performance.now() - start;
      const copies = outputs.map((values) => values.slice());
      [input, ...results].forEach((tensor) => tensor.delete());
      return {ms, outputs: copies};
    },
  };
}
