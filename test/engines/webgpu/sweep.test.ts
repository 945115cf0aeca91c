/** The sweep on tfjs's webgpu backend: graph models and layers, with the engine of its own and the portable one. */
import {GRAPH_ARITHMETIC} from '../../sweep/graph-arithmetic';
import {GRAPH_MOVES} from '../../sweep/graph-moves';
import {GRAPH_WINDOWS} from '../../sweep/graph-windows';
import {LAYER_ARITHMETIC} from '../../sweep/layer-arithmetic';
import {LAYER_MOVES} from '../../sweep/layer-moves';
import {LAYER_WINDOWS} from '../../sweep/layer-windows';
import type {EngineChoice} from '../../sweep/play';
import {specifySweep} from '../../sweep/specify';
import {atScale} from '../../scale';
import {onWebGpu, useWebGpu} from './backend';

onWebGpu('the sweep', () => {
  const entries = [
    ...GRAPH_WINDOWS,
    ...GRAPH_MOVES,
    ...GRAPH_ARITHMETIC,
    ...LAYER_WINDOWS,
    ...LAYER_MOVES,
    ...LAYER_ARITHMETIC,
  ];
  specifySweep(entries, ['webgpu'], useWebGpu, {
    // Each combination has shaders of its own to be compiled.
    shares: {short: 0, ci: 0, long: 0.1},
    engines: atScale<EngineChoice[]>({short: ['auto'], ci: ['auto'], long: ['auto', 'tfjs']}),
  });
});
