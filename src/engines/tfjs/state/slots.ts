/** Which memory a graph takes on the portable engine: a slot for each activation of its own, and partial sums. */
import * as tf from '@tensorflow/tfjs-core';
import {planeOf, type Graph, type Node, type ValueId} from '../../../graph';
import {sourcesOf} from '../../shared/sources';
import {pixelCount, type Memory} from '../memory/memory';
import {opOf} from '../ops';
import type {PortableState} from './state';

export class Slots {
  /** The value whose memory each value is: its own, or the one a reshape looks at. */
  readonly sources: readonly ValueId[];

  constructor(
    private readonly graph: Graph,
    private readonly memory: Memory,
  ) {
    // Memory is in the order of its values, whatever plane they are read as.
    this.sources = sourcesOf(graph, () => true);
  }

  get bytes(): number {
    const own = this.graph.values.filter(({id, plane}) => this.sources[id] === id && plane !== null);
    const activations = own.reduce(
      (sum, value) => sum + pixelCount(planeOf(value)) * planeOf(value).channels,
      0,
    );
    const partials = this.graph.nodes.reduce((sum, node) => {
      const form = this.partialForm(node);
      return sum + (form ? form.blocks * form.values : 0);
    }, 0);
    return 4 * (activations + partials);
  }

  /** Gives an empty state its slots, full of zeros. */
  fill(state: PortableState): void {
    tf.tidy(() => {
      for (const value of this.graph.values) {
        if (this.sources[value.id] !== value.id || value.plane === null) continue;
        state.slots.set(value.id, this.memory.allocate(value.plane, value.dtype));
      }
      for (const node of this.graph.nodes) {
        const form = this.partialForm(node);
        if (!form) continue;
        const plane = {height: 1, width: form.blocks, channels: form.values};
        state.partials.set(node.id, this.memory.allocate(plane, 'float32'));
      }
    });
  }

  private partialForm({op, inputs, outputs}: Node) {
    const plane = (id: ValueId) => planeOf(this.graph.values[id]);
    return opOf(op).partials?.(op, plane(inputs[0]), plane(outputs[0])) ?? null;
  }
}
