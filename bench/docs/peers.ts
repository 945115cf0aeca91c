/** The part of docs/performance.md that is about a pretrained model beside its peers, made from its figures. */
import {show, type Column} from '../columns';
import type {PeersResults, PeersRow} from '../models/peers/results';
import {SIDE_IDS, type SideId} from '../models/peers/side';
import {markdownTable} from './markdown';

const NAMES: Readonly<Record<SideId, string>> = {
  'tfjs-wasm': 'tfjs wasm',
  'tfjs-node': 'tfjs-node',
  'onnx-1': 'onnxruntime-node',
  'onnx-2': 'onnxruntime-node',
  reuse: 'reuse',
};

const speedUp = ({ms}: PeersRow, side: SideId): string => show.times(ms[side] / ms.reuse);

const columns = ({threads}: PeersResults): Column<PeersRow>[] => [
  {title: 'Clip', text: ({clip, setting}) => `${clip}, ${setting}`},
  ...SIDE_IDS.map((side): Column<PeersRow> => ({
    title: `${NAMES[side]}, ${threads[side]} ${threads[side] === 1 ? 'thread' : 'threads'}, ms`,
    text: ({ms}) => show.number(ms[side]),
  })),
  {title: 'tfjs wasm/reuse', text: (row) => speedUp(row, 'tfjs-wasm')},
  {title: 'tfjs-node/reuse', text: (row) => speedUp(row, 'tfjs-node')},
  {title: 'onnxruntime-node, 2 threads/reuse', text: (row) => speedUp(row, 'onnx-2')},
  {title: 'Agreement', text: ({agreement}) => agreement.toFixed(3)},
];

export const peersText = (results: PeersResults): string => markdownTable(columns(results), results.rows);
