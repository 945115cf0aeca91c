/** What came of the live game, a sentence or two a line, for the terminal and the report. */
import {tenthOf, type Curve, type LiveFigures} from './compare';

export function liveLines(figures: LiveFigures): string[] {
  const {reuse, dense} = figures;
  return [
    `With reuse: ${learnt(reuse)}, ${timeOf(reuse)}. An episode holds ${(reuse.bytes / 1e6).toFixed(1)} MB.`,
    `Without reuse (${WHO[figures.denseIs]}): ${learnt(dense)}${denseTime(figures)}.`,
    agreed(figures),
  ];
}

const WHO = {tfjs: 'plain tfjs', engine: 'the same engine, an episode for each frame'} as const;

function learnt({updates, firstReward, lastReward}: Curve): string {
  const tenth = tenthOf(updates.length);
  return (
    `rewards of a game ${firstReward.toFixed(2)} in the first ${tenth} of ${updates.length} updates, ` +
    `${lastReward.toFixed(2)} in the last ${tenth}`
  );
}

function timeOf({updates, ms}: Curve): string {
  const seconds = (ms * updates.length) / 1000;
  return `${ms.toFixed(0)} ms an update, ${seconds.toFixed(1)} s in all`;
}

/** An episode for each frame is no way to do it fast, and its time would say little. */
function denseTime({dense, denseIs}: LiveFigures): string {
  return denseIs === 'tfjs' ? `, ${timeOf(dense)}` : '';
}

function agreed({dense, agreed: same, difference}: LiveFigures): string {
  if (same === 0) return 'The actions of both differ from the first update on.';
  return (
    `Both took the same actions in the first ${same} of ${dense.updates.length} updates; in these, losses differ by at ` +
    `most ${difference.toExponential(1)} of the largest.`
  );
}
