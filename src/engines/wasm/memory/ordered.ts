/**
 * Items in an order, each there once: one more, one less, and the first that is not before another, in logarithmic time.
 * A treap: a search tree by the order, a heap by numbers that fall as by chance, so that it is seldom much deeper than log₂ n.
 */

interface Branch<T> {
  readonly item: T;
  readonly priority: number;
  before: Tree<T>;
  after: Tree<T>;
}

type Tree<T> = Branch<T> | null;

export class Ordered<T> {
  private root: Tree<T> = null;
  private seed = 1;

  /** @param compare negative where a comes before b; 0 for one and the same item only */
  constructor(private readonly compare: (a: T, b: T) => number) {}

  add(item: T): void {
    const [before, after] = this.split(this.root, item);
    const branch = {item, priority: this.nextPriority(), before: null, after: null};
    this.root = join(join(before, branch), after);
  }

  /** @param item one that is there */
  delete(item: T): void {
    this.root = this.without(this.root, item);
  }

  /** The first that is not before an item, which need not be there itself; null where all are. */
  firstFrom(item: T): T | null {
    let found: T | null = null;
    for (let tree = this.root; tree !== null;) {
      if (this.compare(tree.item, item) < 0) tree = tree.after;
      else {
        found = tree.item;
        tree = tree.before;
      }
    }
    return found;
  }

  private without(tree: Tree<T>, item: T): Tree<T> {
    if (tree === null) return null;
    const order = this.compare(item, tree.item);
    if (order === 0) return join(tree.before, tree.after);
    if (order < 0) tree.before = this.without(tree.before, item);
    else tree.after = this.without(tree.after, item);
    return tree;
  }

  /** What is before an item, and the rest. */
  private split(tree: Tree<T>, item: T): [Tree<T>, Tree<T>] {
    if (tree === null) return [null, null];
    if (this.compare(tree.item, item) < 0) {
      const [before, rest] = this.split(tree.after, item);
      tree.after = before;
      return [tree, rest];
    }
    const [before, rest] = this.split(tree.before, item);
    tree.before = rest;
    return [before, tree];
  }

  /** Marsaglia's xorshift. */
  private nextPriority(): number {
    this.seed ^= this.seed << 13;
    this.seed ^= this.seed >>> 17;
    this.seed ^= this.seed << 5;
    return this.seed;
  }
}

/** Two trees as one, all of the first being before all of the second. */
function join<T>(first: Tree<T>, second: Tree<T>): Tree<T> {
  if (first === null) return second;
  if (second === null) return first;
  if (first.priority > second.priority) {
    first.after = join(first.after, second);
    return first;
  }
  second.before = join(first, second.before);
  return second;
}
