/** A model's weights packed for the kernels, once for all streams, and the notice of their change. */
import type {Graph, Node} from '../../../graph';
import {areFinite} from '../../shared/non-finite';
import {WeightVersions} from '../../shared/weights';
import type {Kernels} from '../kernels';
import type {Heap} from './heap';
import {weightInPlace} from './weight-in-place';

/** A node's weights by name, as the model holds them now: to be read at once. */
export type WeightValues = Readonly<Record<string, Float32Array>>;

interface Block {
  readonly node: Node;
  readonly at: number;
  readonly floats: number;
  readonly pack: (values: WeightValues, into: Float32Array) => void;
}

/**
 * Weights of which every value is packed, times a factor at most: where they hold a NaN or an infinity, so does what is packed. A
 * kernel looks through that in less time than the large ones take here.
 */
const PACKED = new Set(['filter', 'kernel']);

export class PackedWeights {
  /** Nodes of whose weights some are not finite, and the names of these. */
  readonly odd = new Map<Node, readonly string[]>();
  private readonly blocks: Block[] = [];
  private readonly tables: number[] = [];
  private readonly versions: WeightVersions;

  constructor(
    private readonly graph: Graph,
    private readonly heap: Heap,
    private readonly kernels: Kernels,
  ) {
    this.versions = new WeightVersions(graph);
  }

  /** Counts the changes noticed so far. */
  get version(): number {
    return this.versions.current;
  }

  /** A buffer for a node's weights, which `pack` fills now and whenever they change. */
  reserve(node: Node, floats: number, pack: Block['pack']): number {
    const block = {node, at: this.heap.allocate(4 * floats + 64), floats, pack};
    this.blocks.push(block);
    this.fill(block);
    return block.at;
  }

  table(values: readonly number[]): number {
    const at = this.heap.allocate(4 * values.length);
    this.tables.push(at);
    this.heap.ints.set(values, at >>> 2);
    return at;
  }

  /** Packs anew what was assigned; says whether anything was. */
  refresh(): boolean {
    return this.versions.update(this.fillAll);
  }

  dispose(): void {
    for (const {at} of this.blocks) this.heap.release(at);
    for (const at of this.tables) this.heap.release(at);
    this.blocks.length = 0;
    this.tables.length = 0;
  }

  private readonly fillAll = () => this.blocks.forEach((block) => this.fill(block));

  private fill({node, at, floats, pack}: Block): void {
    const read = Object.entries(node.weights).map(
      ([name, index]) => [name, weightInPlace(this.graph.weights[index])] as const,
    );
    pack(Object.fromEntries(read), this.heap.floats.subarray(at >>> 2, (at >>> 2) + floats));
    const isOdd = this.kernels.holdsOdd(at, 1, 1, floats, 1, 0, 0) === 1;
    const odd = read
      .filter(([name, values]) => (isOdd || !PACKED.has(name)) && !areFinite(values))
      .map(([name]) => name);
    if (odd.length > 0) this.odd.set(node, odd);
    else this.odd.delete(node);
  }
}
