/** docs/performance.md and its charts, made from a run's figures and a template that has the prose. It writes no files. */
import {toSvg} from '../../examples/atari/charts';
import {
  gainColumns,
  kernelColumns,
  meanColumns,
  SIDE_NAMES,
  spanRows,
  summaryColumns,
  summaryRow,
  UNCHANGED_COLUMNS,
} from '../columns';
import {networkName} from '../networks';
import {sidesOf} from '../print';
import type {Machine, NetworkResult, Results, Settings} from '../results';
import type {AutoRun} from '../auto/results';
import type {DenseResults} from '../dense/results';
import type {FilmsResults} from '../films/results';
import type {PolicyResults, Summary} from '../policy/results';
import type {PeersResults} from '../models/peers/results';
import type {ModelsResults} from '../models/results';
import type {TrainingResults} from '../training/results';
import {AUTO_BACKENDS, autoRatio, type AutoBackend} from '../summary';
import {denseAbsencesText, denseRatiosText, denseText} from './dense';
import {gamesChart, kernelsChart, networksChart} from './charts';
import {filmsText, repeatsText} from './films';
import * as policy from './policy';
import {fill, markdownTable} from './markdown';
import {frontierChart, frontierChartName, modelsText, withFrontier} from './models';
import {peersText} from './peers';
import {trainingChart, trainingChartName, trainingText} from './training';

/** What the page is made from, besides its prose. */
export interface Figures {
  readonly results: Results;
  readonly training: TrainingResults;
  readonly models: ModelsResults;
  readonly peers: PeersResults;
  readonly dense: DenseResults;
  readonly films: FilmsResults;
  readonly policy: PolicyResults;
  /** Of the policies that 'auto' was before, on the scenarios that both were tuned on. */
  readonly policyBefore: readonly Summary[];
  readonly auto: readonly AutoRun[];
}

/** Files by their names in docs/. */
export type Files = Readonly<Record<string, string>>;

const CHARTS = {
  networks: 'performance-networks.svg',
  kernels: 'performance-kernels.svg',
  games: (network: NetworkResult) => `performance-games-${networkName(network).replace(/\W/g, '-')}.svg`,
};

export async function pageFiles(figures: Figures, template: string): Promise<Files> {
  const {training, models} = figures;
  const {networks, kernels} = figures.results;
  const specs = {
    [CHARTS.networks]: networksChart(networks.map(summaryRow)),
    [CHARTS.kernels]: kernelsChart(kernels),
    ...Object.fromEntries(
      shown(networks).map((network) => [
        CHARTS.games(network),
        gamesChart(networkName(network), network.games),
      ]),
    ),
    ...Object.fromEntries(
      training.networks.map((network) => [trainingChartName(network), trainingChart(network)]),
    ),
    ...Object.fromEntries(
      withFrontier(models).map((model) => [frontierChartName(model), frontierChart(model)]),
    ),
  };
  const svgs = await Promise.all(
    Object.entries(specs).map(async ([name, spec]) => [name, `${await toSvg(spec)}\n`] as const),
  );
  return {'performance.md': pageText(figures, template), ...Object.fromEntries(svgs)};
}

/** The smallest network and the largest: the others lie between them. */
function shown(networks: readonly NetworkResult[]): NetworkResult[] {
  return [...new Set([networks[0], networks.at(-1)!])];
}

export function pageText(figures: Figures, template: string): string {
  const {results, training, models, peers, dense, films} = figures;
  const {machine, settings, networks, unchanged, kernels} = results;
  const sides = sidesOf(networks);
  const rows = networks.map(summaryRow);
  return fill(template, {
    machine: machineText(machine),
    settings: settingsText(settings, networks),
    networksChart: `![Times as fast as tfjs wasm, by network and side](${CHARTS.networks})`,
    summary: markdownTable(summaryColumns(sides), rows),
    milliseconds: markdownTable(meanColumns(sides, 'ms'), rows),
    processor: markdownTable(meanColumns(sides, 'cpuMs'), rows),
    energy: energyText(machine, () => markdownTable(meanColumns(sides, 'joules'), rows)),
    auto: AUTO_BACKENDS.flatMap((backend) => autoText(networks, backend)).join('\n'),
    games: shown(networks)
      .map((network) => gamesText(network))
      .join('\n\n'),
    unchanged: markdownTable(UNCHANGED_COLUMNS, unchanged),
    kernelsChart: `![GMAC/s by the length of a span, for each layer](${CHARTS.kernels})`,
    kernels: markdownTable(kernelColumns(kernels), spanRows(kernels)),
    trainingMachine: machineText(training.machine),
    trainingSteps: String(training.steps),
    training: trainingText(training),
    modelsMachine: machineText(models.machine),
    modelsFrames: String(models.frames),
    models: modelsText(models),
    peersMachine: machineText(peers.machine),
    peersFrames: String(peers.frames),
    peersRounds: String(peers.rounds),
    peers: peersText(peers),
    denseMachine: machineText(dense.machine),
    denseFrames: String(dense.frames * dense.rounds),
    denseRounds: String(dense.rounds),
    dense: denseText(dense),
    denseRatios: denseRatiosText(dense),
    denseAbsences: denseAbsencesText(dense),
    filmsMachine: machineText(films.machine),
    filmsFfmpeg: films.ffmpeg,
    filmsRounds: String(films.rounds),
    films: filmsText(films),
    repeats: repeatsText(films),
    laboratory: policy.laboratoryText(figures.policy, figures.policyBefore),
    laboratoryKept: policy.keptText(figures.policy),
    laboratoryTraces: policy.tracesText(figures.policy),
    autoStreams: policy.streamsText(figures.auto),
    autoGames: policy.gamesText(figures.auto),
    autoStarts: policy.startsText(figures.auto),
  });
}

function machineText({date, cpu, cores, system, memoryGiB, load, versions}: Machine): string {
  const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `- ${date}: ${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}; load before the run ${load.toFixed(1)}`,
    `- ${list.join(', ')}`,
  ].join('\n');
}

function settingsText(
  {engine, threads, frames, rounds, sample}: Settings,
  networks: readonly NetworkResult[],
): string {
  const games = new Set(networks.flatMap((network) => network.games.map(({game}) => game)));
  return (
    `- engine \`${engine}\`, threads of reuse: ${threads}; ${games.size} games, ${frames} screens each, rounds: ${rounds}; ` +
    `sides that take as long for any frame: ${sample} of the screens`
  );
}

function energyText({energy}: Machine, table: () => string): string {
  return energy ? `Of this run there are ${energy}.` : `Joules a frame:\n\n${table()}`;
}

function autoText(networks: readonly NetworkResult[], backend: AutoBackend): string[] {
  const ratios = networks.flatMap((network) =>
    network.games.map((game) => ({
      where: `${game.game} at ${networkName(network)}`,
      ratio: autoRatio(game, backend),
    })),
  );
  const known = ratios.filter((entry): entry is {where: string; ratio: number} => entry.ratio !== undefined);
  if (known.length === 0) return [];
  const worst = known.reduce((least, entry) => (entry.ratio < least.ratio ? entry : least));
  const slower = known.filter(({ratio}) => ratio < 0.97).length;
  return [
    `- ${SIDE_NAMES[`dense-${backend}`]}: at least ${worst.ratio.toFixed(3)} times as fast (${worst.where}); below 0.97 in ` +
      `${slower} of ${known.length} cases`,
  ];
}

function gamesText(network: NetworkResult): string {
  const name = networkName(network);
  return [
    `### ${name}`,
    `![Each game's speed-up and ideal at ${name}](${CHARTS.games(network)})`,
    markdownTable(gainColumns(sidesOf([network])), network.games),
  ].join('\n\n');
}
