import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {GAMES} from '../../examples/atari/games';
import {readOptions} from '../../examples/atari/options';
import {isInstalled, peersBeside} from '../../examples/atari/peers/names';
import {openRecording, type Recording} from '../../examples/atari/recording';
import {errorIn, runExample} from './command';
import {toOriginal} from './recordings';

const errorOf = (...argv: string[]) => errorIn(readOptions, argv);

describe('options', () => {
  it('have defaults', () => {
    const {settings, paths} = readOptions([]);
    expect(settings.games).toEqual(GAMES);
    expect(settings).toMatchObject({filters: [20, 40], downsample: 4, engine: 'auto', policy: 'auto'});
    expect(settings).toMatchObject({backend: 'wasm', steps: 100});
    expect(readOptions(['--backend', 'cpu']).settings.steps).toBe(16);
    expect(paths).toEqual({});
  });

  it('are read', () => {
    const argv =
      '--games pong,Alien,Pong --filters 80/160 --downsample 2 --steps 3000 --backend cpu --policy dense';
    expect(readOptions(argv.split(' ')).settings).toMatchObject({
      games: ['Pong', 'Alien'],
      filters: [80, 160],
      downsample: 2,
      steps: 3000,
      backend: 'cpu',
      policy: 'dense',
    });
  });

  it('refuse a game that is not there, and list those that are', () => {
    const error = errorOf('--games', 'Pong,Tetris,Doom');
    expect(error).toContain("There is no recording of 'Tetris', 'Doom'.");
    for (const game of GAMES) expect(error).toContain(game);
  });

  it.each([
    ['--filters', '20', '20/40'],
    ['--filters', '0/40', '1 to 1024'],
    ['--filters', 'a/b', '20/40'],
    ['--downsample', '3', '2 or 4'],
    ['--steps', '1', '2 to 3000'],
    ['--steps', '3001', '2 to 3000'],
    ['--steps', '2.5', '2 to 3000'],
    ['--backend', 'webgl', 'cpu, wasm, tensorflow'],
    ['--engine', 'fast', 'auto, tfjs, wasm'],
    ['--policy', 'never', 'auto, incremental, dense'],
    ['--data', '/no/such/folder', 'no such folder'],
    ['--report', '/no/such/folder/report.html', 'no folder /no/such/folder'],
    ['--json', tmpdir(), 'a folder'],
    ['--frames', '20', "unknown option '--frames'"],
  ])('refuse %s %s and say what fits', (option, value, expected) => {
    const error = errorOf(option, value);
    expect(error).toContain(option);
    expect(error).toContain(expected);
  });
});

describe('the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'atari-'));
  afterAll(() => rmSync(folder, {recursive: true}));

  const run = (...argv: string[]) => runExample('atari', argv);

  // On cpu, where tfjs has a banner: nothing but the progress may be among the errors.
  it('plays games, and prints and writes what came of it', () => {
    const json = join(folder, 'figures.json');
    const report = join(folder, 'report.html');
    const argv = ['--games', 'Breakout,Pong', '--steps', '20', '--filters', '4/6', '--backend', 'cpu'];
    const {status, stdout, stderr} = run(...argv, '--json', json, '--report', report);
    expect({status, stderr}).toEqual({
      status: 0,
      stderr: expect.stringMatching(/^Breakout: [\d.]+ times as fast\nPong: [\d.]+ times as fast\n$/),
    });
    expect(stdout).toMatch(/^2 games, 20 steps each/);
    expect(stdout).toMatch(/│ Breakout +│/);
    expect(stdout).toMatch(/│ Mean +│/);
    expect(stdout).toMatch(
      /\n\nOn 2 Atari games this network answers [^\n]+ times as fast with tfjs-reuse as on tfjs’s plain JavaScript backend alone, with the same results \(largest difference [^)]+\)\.\n(It is slower in [^\n]+\n)?$/,
    );

    const written = JSON.parse(readFileSync(json, 'utf8')) as Record<string, unknown>;
    expect(written).toMatchObject({
      settings: {games: ['Breakout', 'Pong'], steps: 20, filters: [4, 6], backend: 'cpu', downsample: 4},
      versions: {node: process.versions.node},
      games: [
        {name: 'Breakout', frames: 16},
        {name: 'Pong', frames: 16},
      ],
      mean: {name: 'Mean', fullMs: expect.any(Number)},
    });

    const html = readFileSync(report, 'utf8');
    expect(html.match(/<svg /g)).toHaveLength(2);
    expect(html).toMatch(/<text [^>]*>Breakout<\/text>/);
    expect([...html.matchAll(/<tr><td>(\w+)/g)].map(([, name]) => name)).toEqual([
      'Breakout',
      'Pong',
      'Mean',
    ]);
    expect(html).not.toContain('NaN');
  });

  const peers = peersBeside('wasm');
  const shown = peers.filter(isInstalled);

  it('shows the peers that are installed, and says how to install the others', () => {
    const json = join(folder, 'peers.json');
    const argv = ['--games', 'Pong', '--steps', '4', '--filters', '4/6'];
    const {status, stdout, stderr} = run(...argv, '--json', json);
    expect({status, stderr}).toEqual({status: 0, stderr: expect.stringMatching(/^Pong: .*\n$/)});
    const {mean, versions} = JSON.parse(readFileSync(json, 'utf8')) as {
      mean: {peerMs: Record<string, number>};
      versions: Record<string, string>;
    };
    expect(Object.keys(mean.peerMs)).toEqual(shown);
    for (const name of shown) expect(versions[name]).toMatch(/^\d+\.\d+/);
    for (const name of peers) expect(stdout.includes(`Beside ${name}`)).toBe(shown.includes(name));
    expect(stdout.includes('npm run bench:peers')).toBe(!shown.includes('onnxruntime-node'));
  });

  it('refuses a recording in which nothing follows anything, with exit code 1', () => {
    const {header} = openRecording('Pong');
    const one = {...header, frames: 1, actions: [0], rewards: [0], dones: [0]};
    const screens = () => [new Uint8Array(header.height * header.width)].values();
    writeFileSync(join(folder, 'Pong.rec.gz'), toOriginal({header: one, screens} as unknown as Recording));
    const {status, stderr} = run('--games', 'Pong', '--data', folder, '--backend', 'cpu');
    expect(status).toBe(1);
    expect(stderr).toMatch(/error: .*Pong\.rec\.gz is no recording: it has 1 screen, and 2 are the least/);
    expect(stderr).not.toMatch(/NaN|\n +at /);
  });

  const hasNode = existsSync(join(__dirname, '../../node_modules/@tensorflow/tfjs-node'));
  (hasNode ? it.skip : it)('says how to get a backend that is not installed', () => {
    const {status, stderr} = run('--games', 'Pong', '--steps', '2', '--backend', 'tensorflow');
    expect(status).toBe(1);
    expect(stderr).toContain('npm i @tensorflow/tfjs-node');
  });
});
