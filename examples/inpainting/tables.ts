/** Two tables, one definition for the terminal and the report: the sides' times and losses, and the pictures' errors. */
import Table from 'cli-table3';
import type {Figures} from './figures';
import type {Restored} from './restore';

export interface TableParts {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What the columns mean, for whoever reads the table alone. */
  readonly legend: string;
}

export function sidesTable(figures: Figures): TableParts {
  const {dense, reuse, denseIs, speedUp, recomputed} = figures;
  const plain =
    denseIs === 'tfjs' ? 'plain tfjs, all frames a batch' : 'the engine of reuse, each frame from scratch';
  const rowOf = (name: string, {updates, ms, lastLoss}: Figures['reuse'], times: string, share: string) => {
    const {loss} = updates[0];
    return [name, `${updates.length}`, ms.toFixed(0), times, share, loss.toFixed(4), lastLoss.toFixed(4)];
  };
  return {
    head: ['Side', 'Updates', 'ms an update', 'Speed-up', 'MACs %', 'First loss', 'Last losses'],
    rows: [
      rowOf('dense', dense, '', '100.0'),
      rowOf('reuse', reuse, `${speedUp.toFixed(1)}×`, (100 * recomputed).toFixed(1)),
    ],
    legend:
      `Dense: ${plain}. Times: medians over the updates that both made. MACs: multiply-adds of a forward pass. Last ` +
      'losses: mean of the last tenth of a side’s updates, of which dense may have made fewer.',
  };
}

export function picturesTable(restored: readonly Restored[]): TableParts {
  return {
    head: ['Picture', 'Trained with', 'Before dB', 'After dB', 'Flat dB'],
    rows: restored.map(({name, isTrained, errors}) => [
      name,
      isTrained ? 'yes' : 'no',
      decibels(errors.before),
      decibels(errors.after),
      decibels(errors.flat),
    ]),
    legend:
      'Peak signal-to-noise ratio in held-out squares, before and after training; more is better. Flat: each square filled ' +
      'with the mean colour of the pixels around it.',
  };
}

export function agreementLine({dense, lossDifference, gradientDifference}: Figures): string {
  const {length} = dense.updates;
  return (
    `Before the first update, the gradients of both sides differ by ${gradientDifference.toExponential(1)} of their length; ` +
    `over ${length} ${length === 1 ? 'update' : 'updates'}, losses differ by at most ` +
    `${lossDifference.toExponential(1)} of the largest.`
  );
}

export function tableText({head, rows}: TableParts): string {
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, i) => (i === 0 ? 'left' : 'right')),
    style: {head: [], border: [], compact: true},
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

function decibels(error: number): string {
  return (-10 * Math.log10(error)).toFixed(1);
}
