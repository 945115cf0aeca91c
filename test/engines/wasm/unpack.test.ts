/** Kernels as texts: characters for bytes, and one build as a patch on the other, as scripts/kernel-text.mjs writes both. */
import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {patched, unpack} from '../../../src/engines/wasm/unpack';

const script = join(__dirname, '../../../scripts/kernel-text.mjs');

/** What an expression over the script's exports gives, of lists of bytes. */
function written<T = string>(expression: string, ...bytes: readonly (readonly number[])[]): T {
  const program =
    `import {orderOf, patchOf, textOf} from ${JSON.stringify(script)};` +
    `const [a, b] = JSON.parse(process.argv[1]).map((bytes) => Buffer.from(bytes));` +
    `console.log(JSON.stringify(${expression}));`;
  const given = ['--input-type=module', '--eval', program, JSON.stringify(bytes)];
  return JSON.parse(execFileSync(process.execPath, given, {encoding: 'utf8'})) as T;
}

const base64 = (bytes: readonly number[]): string => Buffer.from(bytes).toString('base64');
const ascending = Array.from({length: 256}, (_, i) => i);
const descending = [...ascending].reverse();

describe('unpack', () => {
  it.each([
    ['ascending', ascending],
    ['descending', descending],
  ])('reads every byte as it was written, in %s order of how frequent they are', (_, order) => {
    const text = written('textOf(a, b)', ascending, order);
    expect([...unpack(text, base64(order))]).toEqual(ascending);
  });

  it('takes a character for each of the most frequent bytes, and two for all others', () => {
    expect(written('textOf(a, b)', ascending.slice(0, 87), ascending)).toHaveLength(87);
    expect(written('textOf(a, b)', ascending.slice(87), ascending)).toHaveLength(2 * (256 - 87));
  });

  it('has no character that a quoted string or a script tag would need escaped', () => {
    expect(written('textOf(a, b)', ascending, ascending)).toMatch(/^[^'"`\\$<]+$/);
  });

  it('goes by the order of the bytes, the most frequent first', () => {
    const bytes = [7, 9, 9, 8, 9, 8];
    const order = written('orderOf([a]).toString("base64")', bytes);
    expect([...Buffer.from(order, 'base64')].slice(0, 3)).toEqual([9, 8, 7]);
    expect([...unpack('  !', order)]).toEqual([9, 9, 8]);
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

  it('makes one build of another by the patch that was written', () => {
    const other = [...base.slice(120, 200), 1, 2, 3, ...base.slice(0, 90), ...base.slice(90), 4, 5];
    const patch = written<number[]>('[...patchOf(a, b)]', [...base], other);
    expect(patch.length).toBeLessThan(20);
    expect([...patched(base, Uint8Array.from(patch))]).toEqual(other);
  });
});
