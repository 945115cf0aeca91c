import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import type {Results} from '../../bench/results';

const folder = mkdtempSync(join(tmpdir(), 'bench-'));
afterAll(() => rmSync(folder, {recursive: true}));

/** Not bundled: it is the same program, and nobody asks for its times. */
function run(...argv: string[]): {status: number | null; stdout: string; stderr: string} {
  const tsx = createRequire(__filename).resolve('tsx/cli');
  return spawnSync(process.execPath, [tsx, 'bench/main.ts', ...argv], {
    cwd: resolve(__dirname, '../..'),
    encoding: 'utf8',
  });
}

it('the command measures all sides, checks their results, and prints and writes what came of it', () => {
  const json = join(folder, 'results.json');
  const short =
    '--games Pong --networks D4:20/40 --frames 8 --rounds 1 --sample 1 --parts networks,unchanged';
  const {status, stdout} = run(...short.split(' '), '--json', json);
  expect(status).toBe(0);
  expect(stdout).toMatch(/│ Pong +│/);
  expect(stdout).toMatch(/│ D4:20\/40 +│/);

  const {machine, settings, networks, unchanged, kernels} = JSON.parse(readFileSync(json, 'utf8')) as Results;
  expect(machine.versions['node']).toBe(process.versions.node);
  expect(settings).toEqual({engine: 'auto', threads: 1, frames: 8, rounds: 1, sample: 1});
  expect(networks).toMatchObject([{downsample: 4, filters: [20, 40], games: [{game: 'Pong', frames: 6}]}]);
  expect(Object.keys(networks[0].games[0].sides)).toEqual(
    expect.arrayContaining(['dense-wasm', 'full', 'reuse', 'run', 'auto-wasm']),
  );
  expect(unchanged).toHaveLength(2);
  expect(kernels).toEqual([]);
});
