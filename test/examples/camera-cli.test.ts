import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {areModelsInstalled} from '../../examples/camera/load-model';
import {selfie} from '../../examples/camera/models/segmentation';
import {readOptions} from '../../examples/camera/options';
import {describe as settingsLine, gateLevel, reuseOptions} from '../../examples/camera/settings';
import {errorIn, runExample} from './command';

const folder = mkdtempSync(join(tmpdir(), 'camera-'));
afterAll(() => rmSync(folder, {recursive: true}));

const written = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('options', () => {
  it('have defaults', () => {
    const {settings, paths} = readOptions([]);
    expect(settings).toEqual({
      model: 'posenet',
      clip: 'camera',
      frames: 80,
      backend: 'wasm',
      engine: 'auto',
      policy: 'auto',
      gate: 0,
      threshold: 0,
    });
    expect(paths).toEqual({});
    expect(settingsLine(settings)).toBe(
      'posenet on the clip, 80 frames, backend wasm, engine auto, policy auto, exact',
    );
  });

  it('are read', () => {
    const calibration = written('calibration.json', '{"inputThreshold": 0.1}');
    const argv =
      `${folder} --model nanodet --clip sprites --frames 9 --backend cpu --engine wasm --policy incremental ` +
      `--gate 8.5 --threshold .02 --out ${join(folder, 'new')}`;
    const {settings, paths} = readOptions(argv.split(' '));
    expect(settings).toMatchObject({source: folder, model: 'nanodet', frames: 9, gate: 8.5, threshold: 0.02});
    expect(paths).toEqual({out: join(folder, 'new')});
    expect(settingsLine(settings)).toBe(
      `nanodet on sprites over a frame of ${folder}, 9 frames, backend cpu, engine wasm, policy incremental, ` +
        'gate 8.5 of 255, threshold 2 %',
    );
    const calibrated = readOptions(['--calibration', calibration]).settings;
    expect(calibrated.calibration).toEqual({inputThreshold: 0.1});
    expect(settingsLine(calibrated)).toContain(', calibrated');
  });

  it('become those of withReuse: a gate in the units of the input, a threshold relative, a calibration above both', () => {
    const {settings} = readOptions(['--gate', '51', '--threshold', '0.02']);
    const options = {engine: 'auto', policy: 'auto', inputThreshold: 0.2, threshold: {relative: 0.02}};
    expect(reuseOptions(settings, selfie)).toEqual(options);
    const calibration = {threshold: {nodes: {conv: 1}}};
    expect(reuseOptions({...settings, calibration}, selfie)).toEqual({...options, ...calibration});
  });

  it('say which pixels count as changed, in grey levels', () => {
    const {settings} = readOptions(['--gate', '12']);
    expect(gateLevel(settings, selfie)).toBe(12);
    const calibration = {inputThreshold: {value: 0.2, neighbours: 3}};
    expect(gateLevel({...settings, calibration}, selfie)).toBe(51);
  });

  it.each([
    ['--model', 'yolo', 'posenet, centernet, nanodet, selfie, meet'],
    ['--clip', 'cartoon', 'camera, sprites'],
    ['--frames', '1', '2 to 2000'],
    ['--backend', 'webgl', 'cpu, wasm, tensorflow'],
    ['--engine', 'webgpu', 'auto, tfjs, wasm'],
    ['--gate', '300', 'from 0 to 255'],
    ['--gate', '-1', 'from 0 to 255'],
    ['--threshold', '2 %', 'from 0 to 1'],
    ['--calibration', '/no/such.json', 'no such file'],
    ['--calibration', written('list.json', '[1]'), 'no JSON object'],
    ['--calibration', written('broken.json', '{'), 'no JSON object'],
    ['--out', written('file', ''), 'a file'],
    ['--out', '/no/such/folder', 'no folder /no/such'],
    ['--images', 'cat', "unknown option '--images'"],
  ])('refuse %s %s and say what fits', (option, value, expected) => {
    const error = errorIn(readOptions, [option, value]);
    expect(error).toContain(option);
    expect(error).toContain(expected);
  });

  it('refuse a source that is not there', () => {
    expect(errorIn(readOptions, ['/no/such.avi'])).toContain('There is no /no/such.avi.');
  });
});

describe('the command', () => {
  it('refuses what it does not know, with exit code 1', () => {
    const {status, stderr, stdout} = runExample('camera', ['--frames', 'all']);
    expect(status).toBe(1);
    expect(stderr).toContain('Give a whole number from 2 to 2000.');
    expect(stdout).toBe('');
  });

  const withModels = areModelsInstalled() ? it : it.skip;
  withModels('runs a model, and prints and writes what came of it (skipped without `npm run models`)', () => {
    const out = join(folder, 'report');
    mkdirSync(out);
    const argv = `--model selfie --frames 3 --out ${out}`;
    const {status, stdout, stderr} = runExample('camera', argv.split(' '));
    expect({status, stderr}).toEqual({status: 0, stderr: expect.stringMatching(/^[\d.]+ times as fast\n$/)});
    expect(stdout).toMatch(/│ dense │/);
    expect(stdout).toMatch(/│ reuse │.*│ +1\.000 │ +1\.000 │/);
    expect(stdout).toContain("of the input's pixels change");

    const names = ['dense', 'reuse', 'changed'].flatMap((view) =>
      [1, 2].map((at) => `frame-000${at}-${view}.png`),
    );
    expect(readdirSync(out).sort()).toEqual(['figures.json', ...names.sort(), 'report.html']);
    const figures = JSON.parse(readFileSync(join(out, 'figures.json'), 'utf8')) as Record<string, unknown>;
    expect(figures).toMatchObject({
      settings: {model: 'selfie', frames: 3},
      versions: {node: process.versions.node},
      figures: {frames: [{frame: 1}, {frame: 2}], agreement: 1},
    });
    const html = readFileSync(join(out, 'report.html'), 'utf8');
    expect(html.match(/<svg /g)!.length).toBeGreaterThanOrEqual(4);
    expect(html).not.toMatch(/NaN|undefined|<(script|link)/);
  });
});
