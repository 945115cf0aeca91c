import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {readOptions} from '../../examples/inpainting/options';
import {describe as settingsLine} from '../../examples/inpainting/settings';
import {errorIn, runExample} from './command';

const errorOf = (...argv: string[]) => errorIn(readOptions, argv);

describe('options', () => {
  it('have defaults', () => {
    const {settings, paths} = readOptions([]);
    expect(settings).toEqual({
      updates: 600,
      denseUpdates: 20,
      variants: 32,
      area: 10,
      filters: [24, 48],
      seed: 1,
      backend: 'wasm',
    });
    expect(paths).toEqual({});
  });

  it('are read', () => {
    const argv =
      '--updates 9 --dense-updates 12 --variants 4 --area 6 --filters 2/3 --seed 7 --backend cpu --json a.json';
    const {settings, paths} = readOptions(argv.split(' '));
    expect(settings).toMatchObject({updates: 9, denseUpdates: 9, variants: 4, area: 6, filters: [2, 3]});
    expect(paths).toEqual({json: 'a.json'});
    expect(settingsLine(settings)).toBe(
      '9 updates (9 without reuse too) of 4 frames, in each 6 × 6 pixels painted over, 2/3 filters, seed 7, backend cpu',
    );
  });

  it.each([
    ['--updates', '0', '1 to 100000'],
    ['--dense-updates', 'all', '1 to 100000'],
    ['--variants', '1', '2 to 256'],
    ['--area', '17', '2 to 16'],
    ['--area', '2.5', '2 to 16'],
    ['--filters', '24', '24/48'],
    ['--filters', '0/48', '1 to 256'],
    ['--filters', '1/2/3', '24/48'],
    ['--seed', '-1', '0 to 1000000'],
    ['--backend', 'webgl', 'cpu, wasm, tensorflow'],
    ['--report', '/no/such/folder/report.html', 'no folder /no/such/folder'],
    ['--json', tmpdir(), 'a folder'],
    ['--images', 'cat', "unknown option '--images'"],
  ])('refuse %s %s and say what fits', (option, value, expected) => {
    const error = errorOf(option, value);
    expect(error).toContain(option);
    expect(error).toContain(expected);
  });
});

describe('the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'inpainting-'));
  afterAll(() => rmSync(folder, {recursive: true}));

  const run = (...argv: string[]) => runExample('inpainting', argv);

  it('trains, and prints and writes what came of it', () => {
    const [json, report] = ['figures.json', 'report.html'].map((name) => join(folder, name));
    const argv = '--updates 3 --dense-updates 2 --variants 2 --area 4 --filters 2/3';
    const {status, stdout, stderr} = run(...argv.split(' '), '--json', json, '--report', report);
    expect({status, stderr}).toEqual({status: 0, stderr: expect.stringMatching(/^[\d.]+ times as fast\n$/)});
    expect(stdout).toMatch(/│ reuse +│ +3 │/);
    expect(stdout).toMatch(/│ dense +│ +2 │/);
    expect(stdout).toMatch(/│ chelsea +│ +no │/);
    expect(stdout).toContain('over 2 updates, losses differ by at most');

    const written = JSON.parse(readFileSync(json, 'utf8')) as Record<string, unknown>;
    expect(written).toMatchObject({
      settings: {updates: 3, backend: 'wasm'},
      versions: {node: process.versions.node},
      figures: {denseIs: 'engine'},
      pictures: [{name: 'astronaut', isTrained: true}, {name: 'coffee'}, {name: 'rocket'}, {name: 'chelsea'}],
    });

    const html = readFileSync(report, 'utf8');
    expect(html.match(/<svg /g)).toHaveLength(1);
    expect(html.match(/<img src="data:image\/png;base64,/g)).toHaveLength(4 * 4);
    // Pictures are letters at random.
    const text = html.replace(/base64,[^"]+/g, '');
    expect(text).not.toMatch(/NaN|undefined|<(script|link)/);
  });
});
