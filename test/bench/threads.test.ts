/** The benchmark of one thread and two: what is made of the times, and the command. */
import {spawnSync} from 'node:child_process';
import {createRequire} from 'node:module';
import {resolve} from 'node:path';
import {figureOf} from '../../bench/threads/turns';

it('a figure has the median of all frames, and of the means of turns', () => {
  const turns = [
    {ms: [1, 1, 4], cpuMs: 3},
    {ms: [2, 2, 2], cpuMs: 4},
    {ms: [90, 1, 2], cpuMs: 50},
  ];
  expect(figureOf(turns)).toEqual({medianMs: 2, meanMs: 2, slowMs: 90, cpuMs: 4});
});

it('the longest of a hundred frames counts for nothing', () => {
  const ms = Array.from({length: 200}, (_, i) => i);
  expect(figureOf([{ms, cpuMs: 0}]).slowMs).toBe(197);
});

it('the command prints what a frame takes on one thread, on two, and the ratio', () => {
  const tsx = createRequire(__filename).resolve('tsx/cli');
  const short = '--networks D4:20/40 --games Breakout --parts reuse --frames 3 --rounds 1 --rate 100 --busy';
  const {status, stdout} = spawnSync(process.execPath, [tsx, 'bench/threads/main.ts', ...short.split(' ')], {
    cwd: resolve(__dirname, '../..'),
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  expect(stdout).toMatch(/D4:20\/40 Breakout +│ 1 +(│ \d+\.\d{3} +){4}│/);
  expect(stdout).toMatch(/│ 2 \/ 1 +(│ \d+\.\d{2} +){4}│/);
});
