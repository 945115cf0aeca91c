/** The portable engine: any registered tfjs backend. */
import type {Engine} from '../engine';
import {PortableProgram} from './program';

export const tfjsEngine: Engine = {
  name: 'tfjs',
  isReady: () => true,
  prepare: () => Promise.resolve(),
  suits: () => true,
  unsupportedReason: () => null,
  compile: (graph, options) => new PortableProgram(graph, options),
};
