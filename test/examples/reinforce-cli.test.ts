import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {GAMES} from '../../examples/atari/games';
import {readOptions} from '../../examples/reinforce/options';
import {errorIn, runExample} from './command';

const errorOf = (...argv: string[]) => errorIn(readOptions, argv);

describe('options', () => {
  it('have defaults', () => {
    const {settings, paths} = readOptions([]);
    expect(settings).toMatchObject({part: 'both', backend: 'wasm', games: GAMES});
    expect(settings.recorded).toMatchObject({
      filters: [20, 40],
      downsample: 4,
      steps: 300,
      updates: 2,
      seed: 1,
    });
    expect(settings.live).toMatchObject({updates: 60, denseUpdates: 60, seed: 1});
    expect(readOptions(['--backend', 'cpu']).settings.live.denseUpdates).toBe(20);
    expect(paths).toEqual({});
  });

  it('are read', () => {
    const argv =
      '--part live --games pong,Alien,Pong --filters 80/160 --downsample 2 --steps 1000 --updates 3 --seed 7 ' +
      '--live-updates 4 --dense-updates 9 --backend cpu';
    const {settings} = readOptions(argv.split(' '));
    expect(settings).toMatchObject({part: 'live', games: ['Pong', 'Alien'], backend: 'cpu'});
    expect(settings.recorded).toMatchObject({
      filters: [80, 160],
      downsample: 2,
      steps: 1000,
      updates: 3,
      seed: 7,
    });
    expect(settings.live).toMatchObject({updates: 4, denseUpdates: 4, seed: 7});
  });

  it('refuse a game that is not there, and list those that are', () => {
    const error = errorOf('--games', 'Pong,Tetris,Doom');
    expect(error).toContain("There is no recording of 'Tetris', 'Doom'.");
    for (const game of GAMES) expect(error).toContain(game);
  });

  it('refuse more frames than a recording has', () => {
    const error = errorOf('--steps', '1000', '--updates', '4');
    expect(error).toContain('a recording has 3000 screens, fewer than 4 episodes of 1000');
  });

  it.each([
    ['--part', 'all', 'both, recorded, live'],
    ['--filters', '20', '20/40'],
    ['--filters', '0/40', '1 to 1024'],
    ['--filters', 'a/b', '20/40'],
    ['--filters', '20/40/80', '20/40'],
    ['--downsample', '3', '2 or 4'],
    ['--steps', '1', '2 to 3000'],
    ['--steps', '2.5', '2 to 3000'],
    ['--updates', '0', '1 to 1500'],
    ['--live-updates', '-1', '1 to 10000'],
    ['--dense-updates', 'all', '1 to 10000'],
    ['--seed', 'x', '0 to'],
    ['--backend', 'webgl', 'cpu, wasm, tensorflow'],
    ['--data', '/no/such/folder', 'no such folder'],
    ['--report', '/no/such/folder/report.html', 'no folder /no/such/folder'],
    ['--json', tmpdir(), 'a folder'],
    ['--policy', 'auto', "unknown option '--policy'"],
  ])('refuse %s %s and say what fits', (option, value, expected) => {
    const error = errorOf(option, value);
    expect(error).toContain(option);
    expect(error).toContain(expected);
  });
});

describe('the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reinforce-'));
  afterAll(() => rmSync(folder, {recursive: true}));

  const run = (...argv: string[]) => runExample('reinforce', argv);

  it('runs both parts, and prints and writes what came of it', () => {
    const [json, report] = ['figures.json', 'report.html'].map((name) => join(folder, name));
    const argv =
      '--games Breakout,Freeway --steps 8 --updates 1 --filters 2/3 --live-updates 2 --dense-updates 1';
    const {status, stdout, stderr} = run(...argv.split(' '), '--json', json, '--report', report);
    expect({status, stderr}).toEqual({
      status: 0,
      stderr: expect.stringMatching(
        /Breakout: [\d.]+ times as fast\n(.*\n)*dense, update 1: rewards of a game -?\d/,
      ),
    });
    expect(stdout).toMatch(/│ Breakout +│/);
    expect(stdout).toMatch(/│ Mean +│/);
    expect(stdout).toMatch(/made-up ones stand in \(.*Freeway\)/);
    expect(stdout).toContain('Both took the same actions in the first 1 of 1 updates');

    const written = JSON.parse(readFileSync(json, 'utf8')) as Record<string, unknown>;
    expect(written).toMatchObject({
      settings: {part: 'both', backend: 'wasm'},
      versions: {node: process.versions.node},
      recorded: {games: [{name: 'Breakout', frames: 8}, {name: 'Freeway'}], mean: {name: 'Mean'}},
      live: {agreed: 1, denseIs: 'engine'},
    });

    const html = readFileSync(report, 'utf8');
    expect(html.match(/<svg /g)).toHaveLength(3);
    expect(html).toMatch(/<text [^>]*>Breakout<\/text>/);
    expect([...html.matchAll(/<tr><td>(\w+)/g)].map(([, name]) => name)).toEqual([
      'Breakout',
      'Freeway',
      'Mean',
    ]);
    expect(html).not.toMatch(/NaN|undefined|<(script|link|img)/);
  });
});
