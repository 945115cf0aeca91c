/** Writing what a step computed into the cached activation, and leaving in its mask what changed. */
import type {Activation} from '../../../graph';
import type {ValueLayout} from '../memory/layout';
import type {Workplace} from '../memory/place';
import {activationCode} from '../ops/shared/activations';
import type {Pass} from './pass';
import type {Target} from './step';

/** Writes values that were computed one after the other, and flags the pixels that changed. */
export function commit(
  {kernels, scratch}: Workplace,
  {output, tolerance}: Target,
  {state, full}: Pass,
  from: number,
  first: number,
  count: number,
): void {
  const targets = scratch.targets + 4 * first;
  const flags = scratch.flags + first;
  if (tolerance === null || full) kernels.commitExact(from, count, output.channels, targets, flags);
  else kernels.commitWithin(from, count, output.channels, state.at + tolerance, targets, flags);
}

/** Leaves in a value's mask those of the listed pixels, just written, that go on as changed; returns how many. */
export function prune(
  {kernels, scratch}: Workplace,
  {mask, width}: ValueLayout,
  value: number,
  {state, full, recorder}: Pass,
  count: number,
): number {
  if (recorder) return recorder.after(state, value, count);
  if (full) return count;
  const {ys, xs, flags} = scratch;
  return kernels.keepFlagged(ys, xs, flags, count, state.at + mask, width);
}

/** Writes a value that was computed as a whole and lies at `from`, and leaves in its mask what changed. */
export function storeWhole(place: Workplace, target: Target, pass: Pass, value: number, from: number): void {
  const {kernels, scratch} = place;
  const {state, rollbackLog, recorder} = pass;
  const {output} = target;
  const mask = state.at + output.mask;
  kernels.fillMask(mask, output.height, output.width);
  const count = kernels.listPixels(mask, output.height, output.width, scratch.ys, scratch.xs);
  kernels.addressPixels(
    scratch.ys,
    scratch.xs,
    count,
    state.at + output.at,
    output.rowBytes,
    output.pixelBytes,
    scratch.targets,
  );
  rollbackLog?.save(scratch.targets, count, output.pixelBytes);
  recorder?.before(count, output.pixelBytes);
  commit(place, target, pass, from, 0, count);
  state.changed[value] = prune(place, output, value, pass, count);
}

/** Applies an activation to values where they lie; none that needs whole pixels. */
export function activateInPlace(
  {kernels}: Workplace,
  activation: Activation,
  at: number,
  count: number,
): void {
  if (activation.name === 'linear') return;
  kernels.activateInPlace(at, count, activationCode(activation), activation.parameter ?? 0);
}
