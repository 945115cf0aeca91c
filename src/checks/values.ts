/**
 * Options by their type: each is handed back as it is, or refused with what came and what was expected. Nothing is
 * converted, for a 'false' or a '0.9' that is taken for something else is noticed late. What is left out has its
 * default before it comes here.
 */
import {isPlainObject, shown} from './shown';

/** Which numbers will do. Only finite ones, unless `orInfinity`. */
export interface Range {
  readonly least?: number;
  readonly most?: number;
  readonly above?: number;
  readonly below?: number;
  readonly whole?: boolean;
  readonly orInfinity?: boolean;
}

function refuse(what: string, expected: string, value: unknown): never {
  throw new Error(`${what} must be ${expected}; got ${shown(value)}.`);
}

export function flag(what: string, value: unknown): boolean {
  return typeof value === 'boolean' ? value : refuse(what, 'true or false', value);
}

export function numeric(what: string, value: unknown, range: Range): number {
  return typeof value === 'number' && fits(value, range) ? value : refuse(what, wordsFor(range), value);
}

export function oneOf<T extends string | number>(what: string, value: unknown, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  return found ?? refuse(what, `one of ${choices.map(shown).join(', ')}`, value);
}

/** @param expected what it is to be a function of */
export function func<F>(what: string, value: F, expected = 'a function'): F {
  return typeof value === 'function' ? value : refuse(what, expected, value);
}

export function texts(what: string, value: unknown, expected = 'an array of strings'): readonly string[] {
  const isList = Array.isArray(value) && Array.from(value).every((item) => typeof item === 'string');
  return isList ? (value as readonly string[]) : refuse(what, expected, value);
}

/** @param example of what it may be, as '{changed, commit}' */
export function object<T>(what: string, value: T, example: string): T & object {
  return isPlainObject(value) ? (value as T & object) : refuse(what, `an object like ${example}`, value);
}

function fits(value: number, range: Range): boolean {
  const {least = -Infinity, most = Infinity, above = -Infinity, below = Infinity} = range;
  if (value === Infinity) return range.orInfinity === true;
  if (!Number.isFinite(value) || (range.whole && !Number.isInteger(value))) return false;
  return value >= least && value <= most && value > above && value < below;
}

function wordsFor({least, most, above, below, whole}: Range): string {
  const number = whole ? 'a whole number' : 'a number';
  if (least !== undefined && most !== undefined) return `${number} from ${least} to ${most}`;
  if (least !== undefined) return `${number} of at least ${least}`;
  const bounds = [above === undefined ? '' : `above ${above}`, below === undefined ? '' : `below ${below}`];
  return [number, bounds.filter((bound) => bound !== '').join(' and ')].join(' ').trimEnd();
}
