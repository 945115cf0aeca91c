/** Slopes of PReLUs. */
import {specify, type Case} from './specify';

const IMAGE = [1, 6, 7, 3];

const prelu =
  (slopes: readonly number[], shape = IMAGE): Case[1] =>
  (graph) => {
    graph.node('Prelu', [graph.input('x', shape), graph.floats(slopes)]);
  };

const prelus: Case[] = [
  ['Prelu, a slope a channel', prelu([3])],
  ['Prelu, a slope a channel, of rank 3', prelu([1, 1, 3])],
  ['Prelu, a slope for all', prelu([1, 1, 1])],
  ['Prelu, a slope a value', prelu([6, 7, 3])],
];

/** tfjs's wasm backend reads these as a slope a channel. */
const spreadPrelus: Case[] = [
  ['Prelu, a slope a row', prelu([6, 1, 1])],
  ['Prelu, a slope a pixel', prelu([6, 7, 1])],
];

specify(prelus);
specify(spreadPrelus, 'cpu');
