/**
 * Libraries for browsers, in Node. onnxruntime-web runs there as it is. LiteRT.js loads a script that expects a worker's globals
 * or, as it was compiled for Node too, those of a CommonJS module: it gets both.
 */
import {cpSync, existsSync, readFileSync, writeFileSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {runInThisContext} from 'node:vm';
import {ROOT} from '../../frames';
import type {Threads} from '../sides';
import type {LiteRt, OnnxWeb} from './peers';

const PEERS = join(ROOT, 'bench/peers/node_modules');

/** A copy of LiteRT.js's scripts and binaries: in its own package, threads would take them for ES modules. */
const LITERT = join(PEERS, '.litert');

export async function loadOnnxWeb(): Promise<OnnxWeb> {
  return (await importPeer('onnxruntime-web/dist/ort.node.min.mjs')) as OnnxWeb;
}

export async function loadLiteRt(threads: Threads): Promise<LiteRt> {
  shareGlobals();
  const library = (await importPeer('@litertjs/core/dist/index.js')) as LiteRt & {
    loadLiteRt(folder: string, options: {threads: boolean}): Promise<unknown>;
  };
  await library.loadLiteRt(`${LITERT}/`, {threads: threads > 1});
  return library;
}

/** Once, before realms are started: two of them would write to it at a time. */
export function copyLiteRt(): void {
  const from = join(PEERS, '@litertjs/core/wasm');
  if (!existsSync(from) || existsSync(join(LITERT, 'package.json'))) return;
  cpSync(from, LITERT, {recursive: true});
  writeFileSync(join(LITERT, 'package.json'), '{"type": "commonjs"}\n');
}

async function importPeer(path: string): Promise<unknown> {
  const file = join(PEERS, path);
  if (!existsSync(file)) throw new Error(`${path} is not installed: npm run bench:peers`);
  return import(pathToFileURL(file).href);
}

function shareGlobals(): void {
  const page = globalThis as unknown as Record<string, unknown>;
  const fetchWeb = globalThis.fetch;
  page['self'] = globalThis;
  page['require'] = createRequire(join(LITERT, 'index.js'));
  page['__dirname'] = LITERT;
  page['importScripts'] = (file: string) => {
    // Threads are started from this file.
    page['__filename'] = file;
    runInThisContext(`${readFileSync(file, 'utf8')}\nself.ModuleFactory = ModuleFactory;`, {filename: file});
  };
  page['fetch'] = async (url: string, options?: RequestInit) =>
    existsSync(url) ? new Response(await readFile(url), WASM) : fetchWeb(url, options);
}

const WASM = {headers: {'content-type': 'application/wasm'}};
