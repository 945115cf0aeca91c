/** `npm run bench:auto`: the policy 'auto' beside 'incremental' and the model, for real. */
import Table from 'cli-table3';
import {Command, Option} from 'commander';
import {useBackend, type Backend} from '../../examples/atari/backend';
import {GAMES} from '../../examples/atari/games';
import {ready, setThreads} from '../../src';
import {keepBusy} from './busy';
import {compete, scoreOf} from './contest';
import {addTo, type Score, type Start} from './results';
import {measureStart} from './start';
import {gameStream, keyFrameStream, NETWORKS, stillStream, type NetworkName, type Stream} from './streams';

const PARTS = ['games', 'keys', 'still', 'start'] as const;

interface Options {
  readonly backend: Backend;
  readonly engine?: 'tfjs';
  readonly parts: readonly (typeof PARTS)[number][];
  readonly networks: readonly NetworkName[];
  readonly games: readonly (typeof GAMES)[number][];
  readonly frames: number;
  readonly rounds: number;
  readonly busy?: boolean;
  readonly json?: string;
}

const options = new Command()
  .name('npm run bench:auto --')
  .addOption(new Option('--backend <name>').choices(['wasm', 'tensorflow', 'cpu']).default('wasm'))
  .addOption(new Option('--engine <name>', 'instead of the one that is chosen').choices(['tfjs']))
  .addOption(new Option('--parts <names...>').choices(PARTS).default(PARTS))
  .addOption(new Option('--networks <names...>').choices(NETWORKS).default(['D2:80/160', 'D4:20/40', 'DQN']))
  .addOption(new Option('--games <names...>').choices(GAMES).default(GAMES))
  .option('--frames <count>', 'of a round', Number, 100)
  .option('--rounds <count>', 'of a game', Number, 5)
  .option('--busy', 'with another process that keeps a core busy')
  .option('--json <file>', 'where the figures are added to those of other runs')
  .parse()
  .opts<Options>();

const paper = options.networks.filter((name) => name !== 'DQN');
const scores: Score[] = [];
const starts: Start[] = [];

/** The model of a stream is the stream's. */
function measure<T>(stream: Stream, run: (stream: Stream) => T): T {
  process.stderr.write(`${stream.name}\n`);
  try {
    return run(stream);
  } finally {
    stream.model.dispose();
  }
}

function contest(stream: Stream, skipped: number, {frames, rounds} = options): void {
  scores.push(
    measure(stream, () =>
      scoreOf(stream, compete(stream, {rounds, frames}, skipped, options.engine), frames),
    ),
  );
}

await useBackend(options.backend);
// Figures are of one thread: so are most of those that they stand beside.
await setThreads(1);
await ready();
const other = options.busy ? keepBusy() : null;
try {
  if (options.parts.includes('still')) paper.forEach((network) => contest(stillStream(network), 60));
  if (options.parts.includes('keys')) {
    for (const network of paper)
      for (const every of [12, 30, 90])
        contest(keyFrameStream(network, every), 60, {...options, frames: 180});
  }
  if (options.parts.includes('start')) {
    for (const network of paper) {
      const streams = [stillStream(network), keyFrameStream(network, Infinity), gameStream('Pong', network)];
      for (const stream of streams)
        starts.push(
          ...measure(stream, () => [60, 120].map((frames) => measureStart(stream, frames, options.engine))),
        );
    }
  }
  if (options.parts.includes('games')) {
    for (const network of options.networks)
      for (const game of options.games) contest(gameStream(game, network), 60);
  }
} finally {
  other?.kill();
}

const style = {head: [], border: [], compact: true};
const head = ['ms a frame', 'auto', 'incremental', 'model', 'of the better', 'left to the model'];
const table = new Table({head, style});
for (const {name, auto, incremental, model, ofBetter, left} of scores) {
  const times = [auto, incremental, model].map((ms) => ms.toFixed(3));
  table.push([name, ...times, ofBetter.toFixed(3), `${(100 * left).toFixed(0)} %`]);
}
if (scores.length > 0) console.log(table.toString());
const startTable = new Table({head: ['first frames', 'frames', 'of what is allowed'], style});
for (const {name, frames, ofAllowed} of starts) startTable.push([name, frames, ofAllowed.toFixed(3)]);
if (starts.length > 0) console.log(startTable.toString());
const {backend, engine} = options;
if (options.json) addTo(options.json, {backend, engine, busy: options.busy === true, scores, starts});
