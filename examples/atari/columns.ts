/** The table's columns, one definition for the terminal and the report: what heads them and what stands in a row. */
import type {Backend} from './backend';
import type {Figures} from './figures';
import type {PeerName} from './peers/names';

export interface Column<Row> {
  readonly title: string;
  text(row: Row): string;
}

export const percent = (share: number, digits: number) => (100 * share).toFixed(digits);

/** A game that stands still has no ideal speed-up: nothing need be computed. */
export const times = (ratio: number) => (Number.isFinite(ratio) ? `${ratio.toFixed(1)}×` : '–');

const DENSE_TITLES: Readonly<Record<Backend, string>> = {
  cpu: 'tfjs cpu ms',
  wasm: 'tfjs wasm ms',
  tensorflow: 'tfjs-node ms',
};
const PEER_TITLES: Readonly<Record<PeerName, string>> = {
  'tfjs-node': 'tfjs-node ms',
  'onnxruntime-node': 'ONNX ms',
};

/** @param overall whose peers are those of all games */
export function columnsFor(backend: Backend, {peerMs}: Pick<Figures, 'peerMs'>): readonly Column<Figures>[] {
  const peers = Object.keys(peerMs) as PeerName[];
  return [
    {title: 'Game', text: ({name}) => name},
    {title: 'Changed %', text: ({changed}) => percent(changed, 2)},
    {title: 'Left out %', text: ({recomputed}) => percent(1 - recomputed, 1)},
    {title: DENSE_TITLES[backend], text: ({denseMs}) => denseMs.toFixed(2)},
    {title: 'Reuse ms', text: ({reuseMs}) => reuseMs.toFixed(2)},
    {title: 'Speed-up', text: ({speedUp}) => times(speedUp)},
    ...peers.map((peer) => ({
      title: PEER_TITLES[peer],
      text: (row: Figures) => row.peerMs[peer]!.toFixed(2),
    })),
    {title: 'Difference', text: ({difference}) => difference.toExponential(1)},
  ];
}

/** What the columns mean, for whoever reads only the table. */
export const LEGEND =
  'Changed: share of the input’s pixels, from one frame to the next. Left out: share of a dense frame’s multiply-adds ' +
  'that reuse did without. ms: mean time of a frame. Speed-up: of reuse over tfjs. ONNX: onnxruntime-node. Difference: ' +
  'the largest of any output of reuse from tfjs’s own, relative to its largest magnitude.';
