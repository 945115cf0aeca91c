/** The command, on the Node that runs this: a small network in a process for each side. */
import {spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import {HOST_NAMES} from '../../../bench/dense/options';
import type {DenseResults} from '../../../bench/dense/results';
import {atScale} from '../../scale';

const root = resolve(__dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'dense-'));
afterAll(() => rmSync(folder, {recursive: true}));

const host = HOST_NAMES.find((name) => name === `node-${process.versions.node.split('.')[0]}`);
const OURS = ['tfjs-wasm', 'engine'];
const ALL = [...OURS, 'litert', 'onnx-web'];
/** Each starts a process or two. */
const LIBRARIES = atScale({short: OURS, ci: ALL, long: ALL});
const arePeersInstalled = existsSync(join(root, 'bench/peers/node_modules/@litertjs/core'));

(host ? it : it.skip)("all sides get tfjs's own result, and what came of it is written", () => {
  const json = join(folder, 'dense.json');
  const tsx = pathToFileURL(createRequire(__filename).resolve('tsx')).href;
  const short = `--networks D4:20/40 --frames 1 --rounds 1 --libraries ${LIBRARIES.join()}`;
  const argv = [
    '--import',
    tsx,
    'bench/dense/main.ts',
    '--hosts',
    host!,
    ...short.split(' '),
    '--json',
    json,
  ];
  const {status, stdout, stderr} = spawnSync(process.execPath, argv, {cwd: root, encoding: 'utf8'});
  expect({status, stderr}).toEqual({status: 0, stderr: ''});
  expect(stdout).toContain('D4:20/40:');

  const {frames, rounds, rows} = JSON.parse(readFileSync(json, 'utf8')) as DenseResults;
  expect({frames, rounds}).toEqual({frames: 1, rounds: 1});
  expect(rows).toMatchObject([{host, work: 'D4:20/40'}]);
  const [{sides}] = rows;
  const peers = LIBRARIES === ALL ? ['litert-1', 'onnx-web-1', 'onnx-web-2'] : [];
  for (const id of ['tfjs-wasm-1', 'engine-1', ...(arePeersInstalled ? peers : [])]) {
    expect(sides[id]).toMatchObject({ms: expect.any(Number), difference: expect.any(Number)});
  }
  if (arePeersInstalled) return;
  for (const id of peers) expect(sides[id]).toEqual({absent: expect.stringContaining('npm run bench:peers')});
});
