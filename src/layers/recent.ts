/** The things that were asked for last, by key, up to a number of them; the one not asked for longest is given up. */
export class Recent<T> {
  private readonly kept = new Map<string, T>();

  constructor(
    private readonly most: number,
    private readonly giveUp: (value: T) => void,
  ) {}

  get values(): T[] {
    return [...this.kept.values()];
  }

  /** @param isOver whether a thing that is kept is of no use any more: then another one is made */
  get(key: string, make: () => T, isOver: (value: T) => boolean = () => false): T {
    if (this.kept.has(key) && isOver(this.kept.get(key)!)) this.drop(key);
    const value = this.kept.has(key) ? this.kept.get(key)! : make();
    // The last used goes to the end, so that the first is the one to give up.
    this.kept.delete(key);
    this.kept.set(key, value);
    if (this.kept.size > this.most) this.drop(this.kept.keys().next().value!);
    return value;
  }

  clear(): void {
    [...this.kept.keys()].forEach((key) => this.drop(key));
  }

  private drop(key: string): void {
    const value = this.kept.get(key)!;
    this.kept.delete(key);
    this.giveUp(value);
  }
}
