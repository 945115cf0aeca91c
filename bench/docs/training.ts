/** The part of docs/performance.md that is about training, made from its figures. */
import {episodesChart} from '../../examples/reinforce/charts';
import type {Figures} from '../../examples/reinforce/recorded/figures';
import {show, type Column} from '../columns';
import {networkName} from '../networks';
import type {TrainedNetwork, TrainingResults} from '../training/results';
import {markdownTable} from './markdown';

interface Row extends Figures {
  /** The network, or the game. */
  readonly title: string;
}

const perFrame = (ms: number | null, {frames}: Row) => show.number(ms === null ? null : ms / frames);
const megabytes = (bytes: number) => show.number(bytes / 1e6);

const columns = (title: string): Column<Row>[] => [
  {title, text: (row) => row.title},
  {title: 'tfjs-node, ms', text: (row) => perFrame(row.plainMs, row)},
  {title: 'dense, ms', text: (row) => perFrame(row.denseMs, row)},
  {title: 'reuse, ms', text: (row) => perFrame(row.reuseMs, row)},
  {title: 'of it forward', text: (row) => perFrame(row.forwardMs, row)},
  {title: 'backward', text: (row) => perFrame(row.backwardMs, row)},
  {title: 'dense/reuse', text: ({speedUp}) => show.times(speedUp)},
  {title: 'Ideal', text: ({ideal}) => show.times(ideal)},
  {title: 'tfjs-node/reuse', text: ({plainSpeedUp}) => show.times(plainSpeedUp ?? undefined)},
  {title: 'dense, MB', text: ({denseBytes}) => megabytes(denseBytes)},
  {title: 'reuse, MB', text: ({bytes}) => megabytes(bytes)},
];

export const trainingChartName = (network: TrainedNetwork): string =>
  `performance-training-${networkName(network).replace(/\W/g, '-')}.svg`;

export const trainingChart = ({games}: TrainedNetwork) => ({...episodesChart(games), background: 'white'});

export function trainingText({networks}: TrainingResults): string {
  const rows = networks.map((network) => ({title: networkName(network), ...network.overall}));
  return [markdownTable(columns('Network'), rows), ...networks.map(gamesText)].join('\n\n');
}

function gamesText(network: TrainedNetwork): string {
  const name = networkName(network);
  return [
    `#### ${name}`,
    `![Time of an episode of each game at ${name}](${trainingChartName(network)})`,
    markdownTable(
      columns('Game'),
      network.games.map((game) => ({title: game.name, ...game})),
    ),
  ].join('\n\n');
}
