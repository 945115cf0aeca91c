/**
 * Compiled kernels as texts that are about as long as the binaries, and that gzip packs as well as these: a character for
 * each of the most frequent bytes, two for the others. Base64 would hide from gzip what repeats. src/engines/wasm/unpack.ts reads them.
 */
import {Buffer} from 'node:buffer';

/** Printable, and nothing that a quoted string or a script tag would need escaped. */
const CHARACTERS = Array.from({length: 95}, (_, i) => String.fromCharCode(32 + i)).filter(
  (character) => !'\'"`\\$<'.includes(character),
);
/** The last two begin pairs. */
const SINGLE = CHARACTERS.length - 2;

/** All bytes, the most frequent first. */
export function orderOf(binaries) {
  const counts = new Uint32Array(256);
  for (const binary of binaries) for (const byte of binary) counts[byte]++;
  return Buffer.from([...counts.keys()].sort((a, b) => counts[b] - counts[a]));
}

export function textOf(bytes, order) {
  const characters = Array.from({length: 256}, (_, byte) => charactersOf(order.indexOf(byte)));
  return Array.from(bytes, (byte) => characters[byte]).join('');
}

function charactersOf(rank) {
  if (rank < SINGLE) return CHARACTERS[rank];
  const rest = rank - SINGLE;
  const first = Math.floor(rest / CHARACTERS.length);
  return CHARACTERS[SINGLE + first] + CHARACTERS[rest % CHARACTERS.length];
}

/** Bytes that a copy is worth its three numbers for. */
const SHORTEST = 8;

/**
 * What makes `target` of `base`: again and again the number of bytes that are new, these, how far from the end of the last
 * copy the next one begins, and its length.
 */
export function patchOf(base, target) {
  const places = placesOf(base);
  const patch = [];
  let fresh = [];
  let end = 0;
  for (let at = 0; at < target.length;) {
    const {from, length} = longestMatch(base, target, at, places, end);
    if (length < SHORTEST) {
      fresh.push(target[at++]);
      continue;
    }
    patch.push(...number(fresh.length), ...fresh, ...number(signed(from - end)), ...number(length));
    fresh = [];
    end = from + length;
    at += length;
  }
  patch.push(...number(fresh.length), ...fresh);
  return Buffer.from(patch);
}

const keyAt = (bytes, at) => bytes.toString('latin1', at, at + SHORTEST);

/** Where each run of the shortest length begins. */
function placesOf(base) {
  const places = new Map();
  for (let at = 0; at + SHORTEST <= base.length; at++) {
    const key = keyAt(base, at);
    places.set(key, [...(places.get(key) ?? []), at]);
  }
  return places;
}

/** Of several that are as long, the nearest. */
function longestMatch(base, target, at, places, end) {
  let best = {from: 0, length: 0};
  for (const from of places.get(keyAt(target, at)) ?? []) {
    let length = 0;
    while (from + length < base.length && base[from + length] === target[at + length]) length++;
    const isNearer = Math.abs(from - end) < Math.abs(best.from - end);
    if (length > best.length || (length === best.length && isNearer)) best = {from, length};
  }
  return best;
}

const signed = (value) => (value < 0 ? 2 * -value - 1 : 2 * value);

/** Seven bits a byte, the lowest first; all but the last have the eighth bit. */
function number(value) {
  const bytes = [];
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
  return [...bytes, value];
}
