/** The benchmark of dense frames in Chromium: an isolated page with a frame for each side, and a small network. */
import {spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import type {DenseResults} from '../../bench/dense/results';

const root = resolve(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'dense-'));
afterAll(() => rmSync(folder, {recursive: true}));

const arePeersInstalled = existsSync(join(root, 'bench/peers/node_modules/@litertjs/core'));

it("all sides get tfjs's own result there, tfjs with threads among them", () => {
  const json = join(folder, 'dense.json');
  const tsx = createRequire(__filename).resolve('tsx/cli');
  const short = '--hosts chromium --networks D4:20/40 --frames 1 --rounds 1'.split(' ');
  const argv = [tsx, 'bench/dense/main.ts', ...short, '--json', json];
  const {status, stderr} = spawnSync(process.execPath, argv, {cwd: root, encoding: 'utf8'});
  expect({status, stderr}).toEqual({status: 0, stderr: ''});
  const [{version, sides}] = (JSON.parse(readFileSync(json, 'utf8')) as DenseResults).rows;
  expect(version).toMatch(/^Chromium \d+/);
  const peers = ['litert-1', 'litert-2', 'onnx-web-1', 'onnx-web-2'];
  const expected = ['tfjs-wasm-1', 'tfjs-wasm-2', 'engine-1', ...(arePeersInstalled ? peers : [])];
  for (const id of expected) {
    expect(sides[id]).toMatchObject({ms: expect.any(Number), difference: expect.any(Number)});
  }
});
