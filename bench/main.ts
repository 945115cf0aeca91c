/**
 * The command: measures reuse beside the models as they are and an outside peer, prints tables and writes JSON.
 * `npm run bench -- --help` lists the options.
 */
import {useBackend, type Backend} from '../examples/atari/backend';
import {findOnnxRuntime} from '../examples/atari/onnx/runtime';
import {showProgress, type Progress} from '../examples/atari/progress';
import {ready, setThreads} from '../src';
import {measureGame, type Equipment} from './game';
import {ROOT} from './frames';
import {writeJson} from './json';
import {LAYERS, measureKernel, SPANS} from './kernels';
import {describeMachine} from './machine';
import {energyMeter} from './measure/energy';
import {findNetwork, networkName, type Network} from './networks';
import {readOptions, type Baseline, type Options} from './options';
import {networkText, resultsText} from './print';
import type {GameResult, KernelResult, NetworkResult, Results, UnchangedResult} from './results';
import type {Field} from './sides';
import {measureUnchanged} from './unchanged';

/** Of which the cost of an unchanged frame is measured: the smallest and the largest. */
const UNCHANGED = ['D4:20/40', 'D2:80/160'];

/** Who takes part; a baseline that is missing is left out, unless it was asked for. */
async function findField({baselines, baselinesNamed}: Options): Promise<Field> {
  const missing = (name: Baseline, install: string) => {
    if (baselinesNamed) throw new Error(`${name} is not installed: ${install}`);
    console.error(`Without ${name}: ${install}`);
  };
  const backends: Backend[] = [];
  if (baselines.includes('cpu')) backends.push(await loaded('cpu'));
  if (baselines.includes('tensorflow')) {
    await loaded('tensorflow').then(
      (name) => backends.push(name),
      (error: Error) => missing('tensorflow', error.message),
    );
  }
  backends.push(await loaded('wasm'));
  const onnx = baselines.includes('onnx') ? findOnnxRuntime(ROOT) : null;
  if (baselines.includes('onnx') && !onnx) missing('onnx', 'npm run bench:peers');
  return {backends, onnx};
}

async function loaded(name: Backend): Promise<Backend> {
  await useBackend(name);
  return name;
}

async function measureNetwork(
  network: Network,
  {games, settings}: Options,
  equipment: Equipment,
): Promise<NetworkResult> {
  const progress = showProgress(games.length * settings.frames * settings.rounds);
  const measured: GameResult[] = [];
  try {
    for (const game of games) {
      const label = `${networkName(network)} ${game}`;
      progress.game?.(label);
      measured.push(await measureGame(network, game, equipment, (count) => advance(progress, count)));
      progress.done?.(label);
    }
  } finally {
    progress.stop?.();
  }
  return {...network, games: measured};
}

function advance(progress: Progress, frames: number): void {
  for (let i = 0; i < frames; i++) progress.frame?.();
}

async function measureAllUnchanged({settings}: Options): Promise<UnchangedResult[]> {
  console.error('Unchanged frames');
  const results: UnchangedResult[] = [];
  for (const name of UNCHANGED) results.push(await measureUnchanged(findNetwork(name)!, settings.engine));
  return results;
}

async function measureKernels({settings}: Options): Promise<KernelResult[]> {
  console.error('Kernels alone');
  const results: KernelResult[] = [];
  for (const layer of LAYERS) results.push(...(await measureKernel(layer, SPANS, settings.engine)));
  return results;
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const {settings, parts, json} = options;
  const field = await findField(options);
  await setThreads(settings.threads);
  await ready();
  const meter = energyMeter();
  const [energy, noEnergy] = typeof meter === 'string' ? [null, meter] : [meter, ''];
  const networks: NetworkResult[] = [];
  const results: Results = {
    machine: describeMachine(field.onnx, noEnergy),
    settings,
    kernels: parts.includes('kernels') ? await measureKernels(options) : [],
    unchanged: parts.includes('unchanged') ? await measureAllUnchanged(options) : [],
    networks,
  };
  for (const network of parts.includes('networks') ? options.networks : []) {
    networks.push(await measureNetwork(network, options, {field, energy, settings}));
    console.log(networkText(networks.at(-1)!));
    writeJson(json, results);
  }
  writeJson(json, results);
  console.log(resultsText(results));
  console.log(`Written to ${json}`);
}

main().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
