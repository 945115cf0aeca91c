/** Which outputs of a graph a frame hands out. */
import type {Graph, ValueId} from '../../graph';
import type {RunOptions} from '../engine';

export function handedOut({outputs}: Graph, {places}: Pick<RunOptions, 'places'>): readonly ValueId[] {
  return places ? places.map((place) => outputs[place]) : outputs;
}
