/** The window of a layer that slides one over its input: sizes, steps, padding. */
import type {LayerVariable} from '@tensorflow/tfjs-layers';
import type {WindowConfig} from '../../graph';
import type {Activated} from '../activations';
import {pair} from './use';

export interface Windowed extends Activated {
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly dilationRate: readonly number[];
  readonly padding: string;
  readonly dataFormat: string;
  readonly bias: LayerVariable | null;
}

export interface Conv extends Windowed {
  readonly filters: number;
  readonly kernel: LayerVariable | null;
}

/** A window of single pixels. */
export const POINT: WindowConfig = {kernel: [1, 1], strides: [1, 1], dilations: [1, 1], padding: 'valid'};

/** The layer's window; null where tfjs itself transposes or rejects. */
export function windowOf(layer: Windowed, dilationRate = layer.dilationRate): WindowConfig | null {
  if (layer.dataFormat !== 'channelsLast') return null;
  if (layer.padding !== 'same' && layer.padding !== 'valid') return null;
  const [kernel, strides, dilations] = [layer.kernelSize, layer.strides, dilationRate].map(pair);
  const some = (sides: readonly number[]) => sides.some((side) => side > 1);
  if (some(strides) && some(dilations)) return null;
  return {kernel, strides, dilations, padding: layer.padding};
}
