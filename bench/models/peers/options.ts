/** The command line of the comparison with peers. It runs nothing. */
import {Command} from 'commander';
import {option, readWhole} from '../../../examples/atari/options';
import {readOutput} from '../../options';

export interface PeersOptions {
  readonly frames: number;
  readonly rounds: number;
  readonly json: string;
}

/** @throws (or, by commander's default, exits with code 1) where an option is unknown or out of range */
export function readPeersOptions(argv: readonly string[], command = new Command()): PeersOptions {
  command
    .name('bench:models:peers')
    .description('Measures PoseNet over clips, with reuse beside tfjs wasm, tfjs-node and onnxruntime-node.')
    .addOption(option('--frames <count>', 'frames of each clip', readWhole(6, 200), 60))
    .addOption(option('--rounds <count>', 'how often they are run', readWhole(1, 20), 5))
    .addOption(option('--json <file>', 'where the figures go', readOutput, 'bench/results/peers.json'))
    .allowExcessArguments(false)
    .parse(argv, {from: 'user'});
  return command.opts<PeersOptions>();
}
