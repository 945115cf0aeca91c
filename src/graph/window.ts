/**
 * Ops that read windows of their input: the window over a plane, and what definitions say by it. A transposed one reads its
 * input through the window that a convolution from its output back to its input would have.
 */
import {propagate, resolveWindow, type Region, type ResolvedWindow, type Window} from '../region';
import type {Effect, Halo} from './definition';
import type {KnownForm} from './forms';
import type {Plane, Shape} from './plane';
import {fromTo, type Axis, type Reads, type SpacedTaps, type Use} from './reads';

/** The window of an op without its input's size. */
export type WindowConfig = Required<Omit<Window, 'input'>>;

interface Windowed {
  readonly window: WindowConfig;
}

/** The window of a convolution or a pool over a plane of this size. */
export function windowOver(plane: Plane, window: WindowConfig): ResolvedWindow {
  return resolveWindow({...window, input: [plane.height, plane.width]});
}

/** The output shape of a window op: as many axes as its input, so that [T, C] stays [T', C']. */
export function windowShape(kind: string, input: KnownForm, window: WindowConfig, channels: number): Shape {
  const rank = input.shape.length;
  if (rank !== 2 && rank !== 3) {
    throw new Error(
      `${kind}: expected an input [height, width, channels] or [steps, channels], got [${input.shape.join(', ')}].`,
    );
  }
  const [height, width] = windowOver(input.plane, window).output;
  return rank === 3 ? [height, width, channels] : [width, channels];
}

export function windowAffected(
  {window}: Windowed,
  [{plane}]: readonly KnownForm[],
  _output: KnownForm,
  [changed]: readonly Region[],
): Region {
  return propagate(changed, windowOver(plane, window));
}

export function windowReads({window}: Windowed, {axis, input}: Use): Reads {
  const {kernel, strides, dilations, pad} = windowOver(input, window);
  const before = padBefore(pad, axis);
  return (at) => ({first: at * strides[axis] - before, count: kernel[axis], step: dilations[axis]});
}

export function windowHalo({window}: Windowed, input: Plane): Halo {
  return windowOver(input, window).pad;
}

export const kernelEffect = (kernel: readonly [number, number]): Effect =>
  kernel.some((side) => side > 1) ? 'spread' : 'pointwise';

/** What an op reads through a window over its output: the inputs whose windows hold an output. */
export function transposedReads({kernel, strides, pad}: ResolvedWindow, axis: Axis): Reads<SpacedTaps> {
  const [size, stride, before] = [kernel[axis], strides[axis], padBefore(pad, axis)];
  return (at) => fromTo(Math.ceil((at + before - size + 1) / stride), Math.floor((at + before) / stride));
}

const padBefore = ({top, left}: ResolvedWindow['pad'], axis: Axis): number => (axis === 0 ? top : left);
