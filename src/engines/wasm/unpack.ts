/** Reads compiled kernels from the texts that scripts/kernel-text.mjs makes of them. */

/** Printable characters but those that a quoted string or a script tag would need escaped; the last two begin pairs. */
const CHARACTERS = Array.from({length: 95}, (_, i) => String.fromCharCode(32 + i))
  .filter((character) => !'\'"`\\$<'.includes(character))
  .join('');
const SINGLE = CHARACTERS.length - 2;

/** @param order all bytes, the most frequent first, as base64 */
export function unpack(text: string, order: string): Uint8Array<ArrayBuffer> {
  const byRank = atob(order);
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const first = CHARACTERS.indexOf(text[i]);
    const rank =
      first < SINGLE ? first : SINGLE + (first - SINGLE) * CHARACTERS.length + CHARACTERS.indexOf(text[++i]);
    bytes[length++] = byRank.charCodeAt(rank);
  }
  return bytes.slice(0, length);
}

/** Makes of one binary another, by a patch. */
export function patched(base: Uint8Array, patch: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  let at = 0;
  let end = 0;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = patch[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  for (;;) {
    for (let fresh = number(); fresh > 0; fresh--) bytes.push(patch[at++]);
    if (at === patch.length) return Uint8Array.from(bytes);
    const distance = number();
    let from = end + (distance & 1 ? -(distance + 1) / 2 : distance / 2);
    for (end = from + number(); from < end; from++) bytes.push(base[from]);
  }
}
