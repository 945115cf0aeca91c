/** A frame of the page as a realm, for the work that its address names. */
import {setThreadsCount, setWasmPaths} from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import {answer, type Answer, type Call} from './messages';
import type {LiteRt, OnnxWeb} from './peers';
import type {Platform} from './platform';
import {realmOf} from './realm';
import type {Threads} from '../sides';

const work = location.search.slice(1);

async function useBackend(_backend: string, threads: Threads): Promise<void> {
  tf.enableProdMode();
  setWasmPaths('/wasm/');
  // The binary without threads, as pages that are not isolated have it.
  if (threads === 1) tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  else takeThreads(threads);
  if (!(await tf.setBackend('wasm'))) throw new Error('The wasm backend does not start here.');
}

/** tfjs takes no more threads than half of the cores that the page is told of, whatever it is asked for. */
function takeThreads(threads: number): void {
  const cores = Math.max(navigator.hardwareConcurrency, 2 * threads);
  Object.defineProperty(navigator, 'hardwareConcurrency', {value: cores});
  setThreadsCount(threads);
}

async function loadLiteRt(threads: Threads): Promise<LiteRt> {
  const name = '@litertjs/core';
  const library = (await import(/* @vite-ignore */ name)) as LiteRt & {
    loadLiteRt(folder: string, options: {threads: boolean}): Promise<unknown>;
  };
  await library.loadLiteRt('/peers/@litertjs/core/wasm/', {threads: threads > 1});
  return library;
}

async function loadOnnxWeb(): Promise<OnnxWeb> {
  const name = 'onnxruntime-web';
  return (await import(/* @vite-ignore */ name)) as OnnxWeb;
}

const platform: Platform = {
  async read(name) {
    const response = await fetch(`/works/${work}/${name}`);
    if (!response.ok) throw new Error(`There is no ${name} of ${work}.`);
    return response.arrayBuffer();
  },
  useBackend,
  loadLiteRt,
  loadOnnxWeb,
  loadOnnxNode: () => Promise.reject(new Error('onnxruntime-node needs Node.')),
};

const calls = realmOf(platform);
const frame = {take: (call: Call): Promise<Answer> => answer(calls, call)};

export type Frame = typeof frame;
(globalThis as unknown as {frame: Frame}).frame = frame;
