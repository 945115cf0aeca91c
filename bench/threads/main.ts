/** `npm run bench:threads`: what a second thread gains and costs, also where another process has a core. */
import Table from 'cli-table3';
import {Command, Option} from 'commander';
import {useBackend} from '../../examples/atari/backend';
import {GAMES} from '../../examples/atari/games';
import {getThreads, setThreads} from '../../src';
import {keepBusy} from '../auto/busy';
import {NETWORKS, type NetworkName} from '../auto/streams';
import {contest, type Figure} from './turns';
import {makeWork} from './works';

interface Options {
  readonly networks: readonly NetworkName[];
  readonly games: readonly (typeof GAMES)[number][];
  readonly parts: readonly ('reuse' | 'full')[];
  readonly frames: number;
  readonly rounds: number;
  readonly rate?: number;
  readonly busy?: boolean;
}

const options = new Command()
  .name('npm run bench:threads --')
  .description('Frames on two threads beside one, in turns.')
  .addOption(new Option('--networks <names...>').choices(NETWORKS).default(['D2:80/160', 'D4:20/40']))
  .addOption(new Option('--games <names...>').choices(GAMES).default(['Breakout', 'CrazyClimber']))
  .addOption(new Option('--parts <names...>').choices(['reuse', 'full']).default(['reuse', 'full']))
  .option('--frames <count>', 'of a turn', Number, 100)
  .option('--rounds <count>', 'turns of each number of threads', Number, 5)
  .option('--rate <count>', 'frames a second; as many as are computed, if left out', Number)
  .option('--busy', 'with another process that keeps a core busy')
  .parse()
  .opts<Options>();

await useBackend('wasm');
await setThreads(2);
if (getThreads() !== 2) throw new Error('There is no second thread.');

const head = ['', 'threads', 'ms, median', 'mean', '99 %', "processor's ms"];
const table = new Table({head, style: {head: [], border: [], compact: true}});
const cells = ({medianMs, meanMs, slowMs, cpuMs}: Figure) => [medianMs, meanMs, slowMs, cpuMs];

const other = options.busy ? keepBusy() : null;
try {
  for (const network of options.networks) {
    for (const game of options.games) {
      for (const part of options.parts) {
        const work = makeWork(network, game, part === 'full');
        const {1: one, 2: two} = await contest(work, {...options, rate: options.rate ?? null});
        work.dispose();
        const ratios = cells(two).map((value, i) => value / cells(one)[i]);
        table.push([work.name, 1, ...cells(one).map((ms) => ms.toFixed(3))]);
        table.push(['', 2, ...cells(two).map((ms) => ms.toFixed(3))]);
        table.push(['', '2 / 1', ...ratios.map((ratio) => ratio.toFixed(2))]);
      }
    }
  }
} finally {
  other?.kill();
}
console.log(table.toString());
