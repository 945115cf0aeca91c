/** What a caller passed, in a few words for an error. Nothing is read of it but what it is. */

/** Text of a caller's that is longer is cut. */
const LONGEST = 60;
/** Names of an object that are listed. */
const MOST_NAMES = 5;

/** Whether `x` is an object written in braces, of any window: no instance of a class, and no array. */
export function isPlainObject(x: unknown): x is Readonly<Record<string, unknown>> {
  if (typeof x !== 'object' || x === null || Array.isArray(x)) return false;
  const prototype = Object.getPrototypeOf(x) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** As "'false'", 'null', 'an array of 3', 'a Set', '{y, x}'. */
export function shown(x: unknown): string {
  switch (typeof x) {
    case 'string':
      return `'${cut(x)}'`;
    case 'function':
      return 'a function';
    case 'symbol':
      return 'a symbol';
    case 'object':
      return x === null ? 'null' : shownObject(x);
    default:
      return String(x);
  }
}

function shownObject(x: object): string {
  if (Array.isArray(x)) return shownArray(x);
  if (isPlainObject(x)) return shownNames(Object.keys(x));
  const name = nameOf(x);
  if (name === 'Promise') return 'a Promise, which has to be awaited first';
  const length = ArrayBuffer.isView(x) && 'length' in x ? ` of ${String(x.length)}` : '';
  return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}${length}`;
}

function shownArray(list: readonly unknown[]): string {
  const isShort = list.length > 0 && list.length <= MOST_NAMES;
  const isSimple = isShort && Array.from(list).every((item) => item === null || typeof item !== 'object');
  return isSimple ? `[${Array.from(list, shown).join(', ')}]` : `an array of ${list.length}`;
}

function shownNames(names: readonly string[]): string {
  const listed = names.slice(0, MOST_NAMES).map(cut).join(', ');
  return names.length > MOST_NAMES ? `{${listed}, …}` : `{${listed}}`;
}

function nameOf(x: object): string {
  const {constructor} = x as {constructor?: unknown};
  const name = typeof constructor === 'function' ? constructor.name : '';
  return name || Object.prototype.toString.call(x).slice('[object '.length, -1);
}

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
