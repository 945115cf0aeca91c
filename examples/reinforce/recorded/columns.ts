/** The table's columns, one definition for the terminal and the report: what heads them and what stands in a row. */
import {percent, times, type Column} from '../../atari/columns';
import type {Figures} from './figures';

const ms = (value: number) => value.toFixed(value < 100 ? 1 : 0);
const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

const COLUMNS: readonly Column<Figures>[] = [
  {title: 'Game', text: ({name}) => name},
  {title: 'Changed %', text: ({changed}) => percent(changed, 2)},
  {title: 'Rectangle %', text: ({rectangle}) => percent(rectangle, 1)},
  {title: 'Dense ms', text: ({denseMs}) => ms(denseMs)},
  {title: 'Reuse ms', text: ({reuseMs}) => ms(reuseMs)},
  {title: 'Forward', text: ({forwardMs}) => ms(forwardMs)},
  {title: 'Backward', text: ({backwardMs}) => ms(backwardMs)},
  {title: 'Update', text: ({updateMs}) => ms(updateMs)},
  {title: 'Speed-up', text: ({speedUp}) => times(speedUp)},
  {title: 'Ideal', text: ({ideal}) => times(ideal)},
  {
    title: 'Of ideal %',
    text: ({ideal, efficiency}) => (Number.isFinite(ideal) ? percent(efficiency, 0) : '–'),
  },
  {title: 'Dense MB', text: ({denseBytes}) => megabytes(denseBytes)},
  {title: 'Reuse MB', text: ({bytes}) => megabytes(bytes)},
  {title: 'Difference', text: ({difference}) => difference.toExponential(1)},
];

/** Only where the backend has gradients of convolutions. */
const PLAIN: readonly Column<Figures>[] = [
  {title: 'tfjs ms', text: ({plainMs}) => ms(plainMs!)},
  {title: 'tfjs/reuse', text: ({plainSpeedUp}) => times(plainSpeedUp!)},
];

export function columnsFor({plainMs}: Figures): readonly Column<Figures>[] {
  return plainMs === null ? COLUMNS : [...COLUMNS, ...PLAIN];
}

/** What the columns mean, for whoever reads the table alone. */
export function legendFor({plainMs}: Figures): string {
  const legend =
    'Changed and rectangle: shares of the network’s input pixels. Times are of an episode: forwards frame by frame, ' +
    'backwards, and the update of the weights; forward, backward and update say how reuse spends it. Dense: without reuse ' +
    'on the same engine, measured over a part of each episode and scaled up. Ideal: a dense frame’s multiply-adds over ' +
    'those of the pixels truly affected. MB: what is held until the gradients are there. Difference: the largest of a ' +
    'gradient with reuse from a dense one, relative to its length.';
  return plainMs === null ? legend : `${legend} tfjs: tf.variableGrads, measured as dense is.`;
}

/** Says where rewards do not come from the games. */
export function noteOn(games: readonly {name: string; madeUp: number}[]): string {
  const names = games.filter(({madeUp}) => madeUp > 0).map(({name}) => name);
  if (names.length === 0) return 'Actions and rewards are the recorded ones.';
  return (
    'Actions and rewards are the recorded ones, but for episodes in which the recording has no reward: there, seeded ' +
    `made-up ones stand in (${names.join(', ')}).`
  );
}
