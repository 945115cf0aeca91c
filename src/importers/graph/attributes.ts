/**
 * A node's attributes, as tfjs reads them. One that is not as TensorFlow writes it throws, so that its node is left to the
 * model: tfjs makes a number of '1e9' that is 1, and of a missing list an error of its own.
 */

/** An attribute as the JSON of a topology holds it. Numbers may be strings, strings base64 or lists of char codes. */
export interface RawAttribute {
  readonly s?: string | readonly number[];
  readonly i?: string | number;
  readonly f?: string | number;
  readonly b?: boolean;
  readonly type?: string | number;
  readonly list?: {
    readonly s?: readonly (string | readonly number[])[];
    readonly i?: readonly (string | number)[];
    readonly f?: readonly (string | number)[];
  };
}

const text = (value: string | readonly number[]): string =>
  typeof value === 'string' ? atob(value) : String.fromCharCode(...value);

/** A number, or text of decimal digits alone: tfjs reads as much of other text as looks like a whole number. */
function numberIn(value: unknown): number | undefined {
  if (typeof value === 'string' && /^-?\d+$/.test(value)) return Number(value);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Attributes by name. Those left out have the default that is given; without one they are needed. */
export class Attributes {
  constructor(private readonly raw: Readonly<Record<string, RawAttribute>>) {}

  string(name: string, fallback?: string): string {
    return this.read(name, fallback, ({s}) => (s === undefined ? undefined : text(s)));
  }

  number(name: string, fallback?: number): number {
    return this.read(name, fallback, ({i, f}) => numberIn(i ?? f));
  }

  /** A whole number. */
  integer(name: string, fallback?: number): number {
    const value = this.number(name, fallback);
    return Number.isInteger(value) ? value : this.invalid(name);
  }

  boolean(name: string, fallback?: boolean): boolean {
    return this.read(name, fallback, ({b}) => (typeof b === 'boolean' ? b : undefined));
  }

  /** A dtype as TensorFlow writes it: `DT_FLOAT`. */
  type(name: string): string {
    return this.read(name, undefined, ({type}) => (typeof type === 'string' ? type : undefined));
  }

  strings(name: string, fallback?: readonly string[]): readonly string[] {
    return this.read(name, fallback, ({list}) => list && (list.s ?? []).map(text));
  }

  /** Whole numbers. */
  integers(name: string, fallback?: readonly number[]): readonly number[] {
    const values = this.read(name, fallback, ({list}) => {
      // An empty list may stand beside the other one.
      const own = list?.f?.length ? list.f : (list?.i ?? []);
      return list && own.map((value) => numberIn(value) ?? NaN);
    });
    return values.every(Number.isInteger) ? values : this.invalid(name);
  }

  /** The same attributes but for these: lists of whole numbers, and strings. */
  with(changes: Readonly<Record<string, readonly number[] | string>>): Attributes {
    const entries = Object.entries(changes).map(([name, value]): [string, RawAttribute] => [
      name,
      typeof value === 'string' ? {s: btoa(value)} : {list: {i: value}},
    ]);
    return new Attributes({...this.raw, ...Object.fromEntries(entries)});
  }

  private read<T>(name: string, fallback: T | undefined, valueOf: (raw: RawAttribute) => T | undefined): T {
    const raw = Object.hasOwn(this.raw, name) ? this.raw[name] : null;
    return (raw ? valueOf(raw) : fallback) ?? this.invalid(name);
  }

  private invalid(name: string): never {
    const found = Object.hasOwn(this.raw, name) ? JSON.stringify(this.raw[name]) : 'none';
    throw new Error(`Attribute '${name}' is not what this op takes: found ${found}.`);
  }
}
