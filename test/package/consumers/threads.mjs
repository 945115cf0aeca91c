/** Threads in Node, in the way that the first argument says. The process is to end by itself, unless it is told to. */
import {cpSync} from 'node:fs';
import {Worker, isMainThread} from 'node:worker_threads';
import * as core from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import * as library from 'tfjs-reuse';
import './threads.js';

const tf = {...core, ...layers};
const {setThreads, getThreads, withReuse} = library;
const options = {engine: 'wasm', policy: 'incremental'};

const ways = {
  async same() {
    console.log(JSON.stringify(await threads.same(tf, library)));
  },
  /** It ends as soon as a frame is done: workers look out for the next list then. */
  async exit() {
    await tf.setBackend('cpu');
    await setThreads(3);
    threads.play(withReuse(threads.modelOf(tf), options));
    console.log('exits');
    process.exit(0);
  },
  /** A worker that owns threads is ended while it computes. */
  async terminate() {
    if (!isMainThread) {
      await tf.setBackend('cpu');
      await setThreads(2);
      const reuse = withReuse(threads.modelOf(tf), options);
      threads.play(reuse);
      const {parentPort} = await import('node:worker_threads');
      parentPort.postMessage(getThreads());
      for (;;) threads.play(reuse);
    }
    const worker = new Worker(new URL(import.meta.url), {argv: ['terminate']});
    const count = await new Promise((resolve) => worker.once('message', resolve));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await worker.terminate();
    console.log(`ended with ${count}`);
  },
  /** Two copies of the package, which take turns. */
  async copies() {
    cpSync('node_modules/tfjs-reuse', 'copy', {recursive: true});
    const copy = await import(new URL('copy/dist/index.node.js', import.meta.url));
    if (copy.withReuse === withReuse) throw new Error('there is one copy');
    await tf.setBackend('cpu');
    await setThreads(2);
    await copy.ready();
    if (copy.getThreads() !== 2) throw new Error(`the copy has ${copy.getThreads()} threads`);
    const both = [library, copy].map((one) => one.withReuse(threads.modelOf(tf), options));
    for (let round = 0; round < 5; round++) {
      const [first, second] = both.map((reuse) => threads.play(reuse, 2));
      if (first !== second) throw new Error('the copies differ');
    }
    console.log('the same');
  },
};
await ways[process.argv[2]]();
