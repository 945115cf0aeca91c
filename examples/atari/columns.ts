/** The table's columns, one definition for the terminal and the report: what heads them and what stands in a row. */
import type {Figures} from './figures';

export interface Column<Row> {
  readonly title: string;
  text(row: Row): string;
}

export const percent = (share: number, digits: number) => (100 * share).toFixed(digits);

/** A game that stands still has no ideal speed-up: nothing need be computed. */
export const times = (ratio: number) => (Number.isFinite(ratio) ? `${ratio.toFixed(1)}×` : '–');

export const COLUMNS: readonly Column<Figures>[] = [
  {title: 'Game', text: ({name}) => name},
  {title: 'Changed %', text: ({changed}) => percent(changed, 2)},
  {title: 'Rectangle %', text: ({rectangle}) => percent(rectangle, 1)},
  {title: 'MACs %', text: ({recomputed}) => percent(recomputed, 1)},
  {title: 'Dense ms', text: ({denseMs}) => denseMs.toFixed(2)},
  {title: 'Reuse ms', text: ({reuseMs}) => reuseMs.toFixed(2)},
  {title: 'Speed-up', text: ({speedUp}) => times(speedUp)},
  {title: 'Ideal', text: ({ideal}) => times(ideal)},
  {
    title: 'Of ideal %',
    text: ({ideal, efficiency}) => (Number.isFinite(ideal) ? percent(efficiency, 0) : '–'),
  },
  {title: 'Difference', text: ({difference}) => difference.toExponential(1)},
];

/** What the columns mean, for whoever reads the table alone. */
export const LEGEND =
  'Changed and rectangle: shares of the network’s input pixels. MACs: multiply-adds done with reuse. Ideal: a dense ' +
  'frame’s multiply-adds over those of the pixels truly affected. Difference: the largest of any output, relative to ' +
  'its largest magnitude.';
