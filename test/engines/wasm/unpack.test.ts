/** Kernels as texts: characters for bytes, and one build as a patch on the other. */
import {patched, unpack} from '../../../src/engines/wasm/unpack';

const CHARACTERS = Array.from({length: 95}, (_, i) => String.fromCharCode(32 + i)).filter(
  (character) => !'\'"`\\$<'.includes(character),
);
/** Bytes by rank as they come, so that a character's place is its byte. */
const inOrder = Buffer.from(Array.from({length: 256}, (_, i) => i)).toString('base64');

describe('unpack', () => {
  it('takes a character for each of the most frequent bytes', () => {
    const text = CHARACTERS.slice(0, 87).join('');
    expect([...unpack(text, inOrder)]).toEqual(Array.from({length: 87}, (_, i) => i));
  });

  it('takes two for all others', () => {
    const [first, second] = CHARACTERS.slice(-2);
    const pairs = [...CHARACTERS.map((one) => first + one), ...CHARACTERS.map((one) => second + one)];
    const bytes = Array.from({length: 256 - 87}, (_, i) => 87 + i);
    expect([...unpack(pairs.slice(0, bytes.length).join(''), inOrder)]).toEqual(bytes);
  });

  it('goes by the order of the bytes', () => {
    const order = Buffer.from(Array.from({length: 256}, (_, i) => 255 - i)).toString('base64');
    expect([...unpack('  !', order)]).toEqual([255, 255, 254]);
  });
});

describe('patched', () => {
  const base = Uint8Array.from({length: 300}, (_, i) => i % 251);

  it.each([
    ['only new bytes', [3, 7, 8, 9], [7, 8, 9]],
    ['a copy from where the last one ended', [0, 0, 2, 0, 0, 2, 0], [0, 1, 2, 3]],
    ['a copy further on', [0, 6, 2, 0], [3, 4]],
    ['a copy from before', [0, 8, 2, 0, 5, 1, 0], [4, 5, 3]],
    ['numbers of more than seven bits', [0, 0x90, 0x03, 1, 0], [200]],
    ['bytes between copies', [0, 0, 1, 2, 99, 98, 0, 1, 1, 97], [0, 99, 98, 1, 97]],
  ])('has %s', (_, patch, bytes) => {
    expect([...patched(base, Uint8Array.from(patch))]).toEqual(bytes);
  });
});
