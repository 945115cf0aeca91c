/** Tables of rows or columns that do nothing but pad. */

/**
 * How many -1 there are before and after 0, 1, 2, …
 * @param size of what is padded
 * @throws where the table is another one
 */
export function paddingOf(
  table: readonly number[],
  size: number,
  name: string,
): [before: number, after: number] {
  const before = table.indexOf(0);
  const after = table.length - size - before;
  const isInside = (i: number) => i >= before && i < before + size;
  const isPadding =
    before >= 0 && after >= 0 && table.every((at, i) => at === (isInside(i) ? i - before : -1));
  if (!isPadding) throw new Error(`'${name}' copies rows or columns other than by padding.`);
  return [before, after];
}
