/** The sweep on tfjs's webgpu backend: graph models and layers, with the engine of its own and the portable one. */
import {GRAPH_ARITHMETIC} from '../../sweep/graph-arithmetic';
import {GRAPH_MOVES} from '../../sweep/graph-moves';
import {GRAPH_WINDOWS} from '../../sweep/graph-windows';
import {LAYERS} from '../../sweep/layers-table';
import {specifySweep} from '../../sweep/specify';
import {onWebGpu, useWebGpu} from './backend';

onWebGpu('the sweep', () => {
  specifySweep([...GRAPH_WINDOWS, ...GRAPH_MOVES, ...GRAPH_ARITHMETIC, ...LAYERS], ['webgpu'], useWebGpu);
});
