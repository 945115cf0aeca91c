/** Every op of a graph model that is computed by pixels, with its attributes and awkward sizes: the model's own result. */
import {backends, useBackend} from '../backends';
import {GRAPH_ARITHMETIC} from './graph-arithmetic';
import {GRAPH_MOVES} from './graph-moves';
import {GRAPH_WINDOWS} from './graph-windows';
import {specifySweep} from './specify';

specifySweep([...GRAPH_WINDOWS, ...GRAPH_MOVES, ...GRAPH_ARITHMETIC], backends, useBackend);
