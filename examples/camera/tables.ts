/** The table, one definition for the terminal and the report: both sides' times and what they found. */
import {percent, times} from '../atari/columns';
import type {TableParts} from '../inpainting/tables';
import type {Figures} from './figures';

export function sidesTable(figures: Figures): TableParts {
  const {denseMs, denseMedianMs, denseFound, reuseMs, reuseMedianMs, reuseFound} = figures;
  return {
    head: [
      'Side',
      'ms a frame',
      'Median ms',
      'Speed-up',
      'MACs %',
      'Found',
      'Agreement',
      'Least',
      'Distance',
    ],
    rows: [
      ['dense', denseMs.toFixed(1), denseMedianMs.toFixed(1), '', '100.0', denseFound.toFixed(1), '', '', ''],
      [
        'reuse',
        reuseMs.toFixed(1),
        reuseMedianMs.toFixed(1),
        times(figures.speedUp),
        percent(figures.computed, 1),
        reuseFound.toFixed(1),
        figures.agreement.toFixed(3),
        figures.leastAgreement.toFixed(3),
        figures.distance.toExponential(1),
      ],
    ],
    legend:
      'MACs: multiply-adds done, of a dense frame’s. Found: detections, poses, or pixels within the mask. Agreement: with ' +
      'the model’s own result of the frame, and the least of any frame. Distance: of raw outputs from the model’s own, ' +
      'relative to their length.',
  };
}

/** What the figures are to be held against. */
export function clipLine({changed, affected, steadiness, paths, frames}: Figures): string {
  const ways = Object.entries(paths).map(([path, count]) => `${count} ${path}`);
  return (
    `From frame to frame, ${percent(changed, 1)} % of the input's pixels change, which reach ${percent(affected, 1)} % of ` +
    `the multiply-adds; the model's own results of two frames in a row agree by ${steadiness.toFixed(3)}. Of ` +
    `${frames.length} frames with reuse: ${ways.join(', ')}.`
  );
}
