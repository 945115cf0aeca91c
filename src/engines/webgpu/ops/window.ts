/** What kernels know of a window over their input, and which outputs a change reaches through one. */
import type {ResolvedWindow} from '../../../region';
import {call, type Call} from '../calls';
import type {ValueLayout} from '../layout';
import {TRANSPOSED, WINDOW} from '../wgsl/region';
import {regionOf, regionWork, type Setting} from './op';

/** All that any kernel reads of a window: each takes the ones it has fields for. */
const windowParameters = ({kernel, strides, dilations, pad}: ResolvedWindow) => ({
  kernelHeight: kernel[0],
  kernelWidth: kernel[1],
  strideY: strides[0],
  strideX: strides[1],
  dilationY: dilations[0],
  dilationX: dilations[1],
  top: pad.top,
  left: pad.left,
});

/** Windows over an input's values. */
export const windowOn = ({at, vectors, width, height}: ValueLayout, window: ResolvedWindow) => ({
  origin: at,
  fromVectors: vectors,
  fromWidth: width,
  fromHeight: height,
  ...windowParameters(window),
});

/** Windows over the mask of what changed in an input. */
const windowOnMask = ({mask, rowWords, width, height}: ValueLayout, window: ResolvedWindow) => ({
  origin: mask,
  fromRowWords: rowWords,
  fromWidth: width,
  fromHeight: height,
  ...windowParameters(window),
});

/** Marks the outputs whose window holds a changed pixel. */
export function reachWindow(setting: Setting, window: ResolvedWindow): (tile: number) => Call {
  const from = windowOnMask(setting.inputs[0], window);
  return (tile) => call(WINDOW, {...regionOf(setting, tile), ...from}, regionWork(setting.output));
}

/** Marks the outputs that a changed pixel adds to, where the window lies over the output. */
export function reachTransposed(setting: Setting, window: ResolvedWindow): (tile: number) => Call {
  const from = windowOnMask(setting.inputs[0], window);
  return (tile) => call(TRANSPOSED, {...regionOf(setting, tile), ...from}, regionWork(setting.output));
}
