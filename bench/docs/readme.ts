/** The README's table of numbers: fixed rows, from the figures of docs/. */
import {show, type Column} from '../columns';
import {networkName} from '../networks';
import type {Machine, Results} from '../results';
import {summarize} from '../summary';
import {markdownTable} from './markdown';
import type {Figures} from './page';

interface Row {
  readonly what: string;
  /** Milliseconds a frame, of whole frames by each peer, and with reuse. */
  readonly wasm: number | null;
  readonly node: number | null;
  readonly onnx: number | null;
  readonly reuse: number;
}

const columns: readonly Column<Row>[] = [
  {title: 'Milliseconds a frame', text: ({what}) => what},
  {title: 'tfjs wasm', text: (row) => shown(row, row.wasm)},
  {title: 'tfjs-node, 2 threads', text: (row) => shown(row, row.node)},
  {title: 'onnxruntime-node, 1 or 2 threads', text: (row) => shown(row, row.onnx)},
  {title: 'With reuse, 1 thread', text: (row) => shown(row, row.reuse)},
];

/** The fastest of a row stands out. */
function shown({wasm, node, onnx, reuse}: Row, ms: number | null): string {
  const fastest = Math.min(reuse, ...[wasm, node, onnx].filter((one) => one !== null));
  return ms === fastest ? `**${show.number(ms)}**` : show.number(ms);
}

export function numbersText(figures: Figures): string {
  return [markdownTable(columns, rowsOf(figures)), '', sourcesText(figures)].join('\n');
}

function rowsOf({results, peers, training}: Figures): Row[] {
  return [
    gamesRow(results, 'D4:20/40', 'Games: 24 Atari recordings, a small network'),
    gamesRow(results, 'D2:80/160', 'Games, a large network'),
    peersRow(peers, 'sprites', 'exact', 'Sprites over a still picture, PoseNet'),
    peersRow(peers, 'camera', 'exact', 'Fixed camera, PoseNet, exact'),
    peersRow(peers, 'camera', 'calibrated', 'Fixed camera, PoseNet, calibrated'),
    trainingRow(training, 'D2:40/80', 'Training on 3,000 screens of a game, forwards and back'),
  ];
}

function gamesRow({networks}: Results, name: string, what: string): Row {
  const {ms} = summarize(networks.find((network) => networkName(network) === name)!);
  return {
    what,
    wasm: ms['dense-wasm'] ?? null,
    node: ms['dense-tensorflow'] ?? null,
    onnx: fasterOf(ms['onnx-1'], ms['onnx-2']),
    reuse: ms.reuse!,
  };
}

/** A thread more is not always faster, on cores that others use, too. */
function fasterOf(one: number | undefined, two: number | undefined): number | null {
  return one === undefined || two === undefined ? null : Math.min(one, two);
}

function peersRow({rows}: Figures['peers'], clip: string, setting: string, what: string): Row {
  const {ms} = rows.find((row) => row.clip === clip && row.setting === setting)!;
  return {
    what,
    wasm: ms['tfjs-wasm'],
    node: ms['tfjs-node'],
    onnx: fasterOf(ms['onnx-1'], ms['onnx-2']),
    reuse: ms.reuse,
  };
}

function trainingRow({networks, steps}: Figures['training'], name: string, what: string): Row {
  const {overall} = networks.find((network) => networkName(network) === name)!;
  const perFrame = (ms: number | null) => ms && ms / steps;
  return {what, wasm: null, node: perFrame(overall.plainMs), onnx: null, reuse: overall.reuseMs / steps};
}

function sourcesText({results, peers, training}: Figures): string {
  const calibrated = peers.rows.find(({setting}) => setting === 'calibrated')!;
  return (
    `Games: ${machineText(results.machine)}. PoseNet: ${machineText(peers.machine)}; calibrated, ` +
    `${(100 * calibrated.agreement).toFixed(0)} % of the key points stay within 2 pixels. Training: ` +
    `${machineText(training.machine)}; tfjs's wasm backend cannot train a convolution by itself.`
  );
}

const machineText = ({date, cpu, cores}: Machine): string => `${cpu}, ${cores} cores, ${date}`;
