/** The benchmark of films: its command line, how films are made and measured, and what is made of its figures. */
import {spawnSync} from 'node:child_process';
import {Command} from 'commander';
import {filmsText, repeatsText} from '../../bench/docs/films';
import {CODECS, type CodecName} from '../../bench/films/codecs';
import {expectEncoders, throughCodec} from '../../bench/films/encode';
import {measureFilm} from '../../bench/films/measure';
import {readFilmsOptions} from '../../bench/films/options';
import {redOf, screensOf} from '../../bench/films/pong';
import type {FilmsResults, SettingResult} from '../../bench/films/results';
import {gameTask} from '../../bench/films/task';
import {readRecording} from '../../bench/frames';
import {preprocessor} from '../../examples/atari/preprocess';
import {useBackend} from '../../examples/atari/backend';
import {diff} from '../../src';

const recording = readRecording('Pong');

describe('the command line', () => {
  const options = (...argv: string[]) =>
    readFilmsOptions(argv, new Command().exitOverride().configureOutput({writeErr: () => undefined}));

  it('measures all networks over all films, by default', () => {
    const {tasks, films, ...rest} = options();
    expect(tasks).toEqual(['D2:20/40', 'D2:80/160', 'PoseNet']);
    expect(films).toEqual(['raw', ...Object.keys(CODECS)]);
    expect(rest).toEqual({frames: 80, rounds: 3, json: 'bench/results/films.json'});
  });

  it('takes some of them, and refuses what there is not', () => {
    expect(options('--tasks', 'd2:20/40', '--films', 'raw,av1')).toMatchObject({
      tasks: ['D2:20/40'],
      films: ['raw', 'av1'],
    });
    expect(() => options('--films', 'x263')).toThrow("There is no film 'x263'");
    expect(() => options('--frames', '81')).toThrow('6 to 80');
  });
});

describe('the recorded game', () => {
  it('is shown by consecutive screens from the middle, of which the networks see what they always do', () => {
    const screens = screensOf(recording, 3);
    expect(screens).toHaveLength(3);
    const preprocess = preprocessor(recording.header, 2);
    const from = (recording.header.frames - 3) >> 1;
    let at = 0;
    for (const screen of recording.screens()) {
      if (at >= from && at < from + 3) expect(redOf(screens[at - from])).toEqual(preprocess(screen));
      at++;
    }
  });
});

const mustRun = Boolean(process.env['REUSE_FFMPEG']);
const encoders = spawnSync('ffmpeg', ['-v', 'error', '-encoders'], {encoding: 'utf8'}).stdout ?? '';

describe('a film (skipped without ffmpeg, or without its encoder)', () => {
  const pictures = screensOf(recording, 6);

  for (const codec of Object.keys(CODECS) as CodecName[]) {
    const runs = mustRun || encoders.includes(` ${CODECS[codec].encoder} `);
    (runs ? it : it.skip)(`of ${codec} has the pictures it was made of, but for what is lost`, () => {
      const film = throughCodec({name: 'test', codec, pictures, rate: 30, scale: 4});
      expect(film.bytesPerFrame).toBeGreaterThan(0);
      film.pictures.forEach(({height, width, values}, t) => {
        expect([height, width]).toEqual([210, 160]);
        const lost = values.reduce((sum, value, i) => sum + Math.abs(value - pictures[t].values[i]), 0);
        expect(lost / values.length).toBeLessThan(4);
      });
    });
  }
});

it('films need ffmpeg, which is said before anything is measured', () => {
  const path = process.env['PATH'];
  process.env['PATH'] = '';
  try {
    expect(() => expectEncoders(['av1'])).toThrow('Films are made with ffmpeg, which does not run here');
  } finally {
    process.env['PATH'] = path;
  }
});

it('a film is measured by all sides, exact results as they are promised', async () => {
  await useBackend('wasm');
  const screens = screensOf(recording, 8).map(({width, height, values}) => ({
    height: 40,
    width,
    // The part of the screen where the ball is.
    values: values.subarray(3 * width * (height - 120), 3 * width * (height - 80)),
  }));
  const task = gameTask({downsample: 2, filters: [2, 3]}, screens[0], 4);
  const frames = screens.map(redOf);
  let turns = 0;
  const {exact, gated, modelMs} = await measureFilm(task, frames, 1, 'here', () => turns++);
  task.model.dispose();
  expect(turns).toBe(5);
  expect(modelMs).toBeGreaterThan(0);
  expect(exact).toMatchObject({agreement: 1});
  expect(exact.difference).toBeLessThan(1e-5);
  const plane = (data: Float32Array) => ({data, height: 20, width: 80});
  const changed = frames.slice(1).map((frame, i) => diff(plane(frames[i]), plane(frame)).area / 1600);
  expect(exact.changed).toBeCloseTo(changed.reduce((a, b) => a + b) / changed.length, 8);
  expect(exact.changed).toBeGreaterThan(0);
  expect(exact.computed).toBeGreaterThan(exact.changed);
  expect(exact.computed).toBeLessThan(1);
  // The recording has no change that is too small for it.
  expect(gated.changed).toBe(exact.changed);
});

describe('the page', () => {
  const setting = (changes: Partial<SettingResult>): SettingResult => ({
    changed: 0.0123,
    computed: 0.25,
    incrementalMs: 5,
    autoMs: 4,
    agreement: 1,
    difference: 1e-6,
    ...changes,
  });
  const results: FilmsResults = {
    machine: {
      date: '2026-01-01',
      cpu: 'a processor',
      cores: 2,
      system: 'linux',
      memoryGiB: 8,
      load: 0,
      versions: {},
      energy: '',
    },
    ffmpeg: '5.1',
    rounds: 3,
    tasks: [
      {
        network: 'PoseNet',
        shows: 'a screencast',
        measure: 'key points',
        frames: 60,
        gate: {levels: 8, neighbours: 2},
        repeat: {modelMs: 80, reuseMs: 0.25},
        films: [
          {
            film: 'vp8',
            bytesPerFrame: 12500,
            modelMs: 80,
            steadiness: 0.625,
            exact: setting({}),
            gated: setting({agreement: 0.875, autoMs: 100}),
          },
        ],
      },
    ],
  };

  it('has a table for each network, with two rows a film, and says where reuse is the slower one', () => {
    const lines = filmsText(results).split('\n');
    expect(lines[0]).toBe('### PoseNet on a screencast');
    const [head, , exact, gated] = lines
      .filter((line) => line.startsWith('|'))
      .map((line) => line.split('|').map((cell) => cell.trim()));
    expect(head).toContain('Agreement: key points');
    expect(exact.slice(1, -1)).toEqual([
      'VP8',
      '12.5',
      'exact',
      '1.2',
      '25.0',
      '80.0',
      '5.00',
      '4.00',
      '20.0×',
      '1.000',
      '0.625',
    ]);
    expect(gated.slice(3, 4)).toEqual(['gate 8, neighbours 2']);
    expect(gated.slice(-4, -1)).toEqual(['0.800×', '0.875', '0.625']);
  });

  it('says what a frame costs that is read twice', () => {
    expect(repeatsText(results)).toMatch(/\| PoseNet +\| +80\.0 \| +0\.250 \|/);
  });
});
