/** Names of options: one that is misspelt would be left unheard. */

/**
 * For options that are ours alone.
 * @param what whose options they are, for the error
 * @param advice what to do with a name that is like none of them
 * @throws where `given` has a name that is not `known`
 */
export function onlyKnown(what: string, given: object, known: readonly string[], advice = ''): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const meant = likeOne(unknown, known);
  const hint = meant === undefined ? advice : ` Did you mean '${meant}'?`;
  throw new Error(
    `${what} has no '${unknown}'; it has ${known.map((name) => `'${name}'`).join(', ')}.${hint}`,
  );
}

/**
 * For options among which there are others' too, which are theirs to judge.
 * @param ours the names that have to be spelt as they are
 * @param others known names that are none of ours
 * @throws where `given` has a name that is not known and looks like one of ours
 */
export function noneMisspelt(
  what: string,
  given: object,
  ours: readonly string[],
  others: readonly string[] = [],
): void {
  for (const name of Object.keys(given)) {
    if (ours.includes(name) || others.includes(name)) continue;
    const meant = likeOne(name, ours);
    if (meant !== undefined) throw new Error(`${what} has no '${name}'. Did you mean '${meant}'?`);
  }
}

/** The known name that `name` looks like, but for capitals, an ending, or a letter or two. */
function likeOne(name: string, known: readonly string[]): string | undefined {
  const lower = name.toLowerCase();
  return known.find((one) => {
    const other = one.toLowerCase();
    const [short, long] = lower.length < other.length ? [lower, other] : [other, lower];
    if (short.length >= SHORTEST_STEM && long.startsWith(short)) return true;
    return distance(lower, other) <= (other.length > SHORT ? 2 : 1);
  });
}

/** Letters that two names have to begin with, where one goes on after them. */
const SHORTEST_STEM = 4;
/** Names of so many letters differ by one at most. */
const SHORT = 5;

/** Letters to insert, leave out, replace, or swap with their neighbour, to get from one name to the other. */
function distance(a: string, b: string): number {
  const rows = [Array.from({length: b.length + 1}, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      rows[i][j] = Math.min(
        rows[i - 1][j] + 1,
        rows[i][j - 1] + 1,
        rows[i - 1][j - 1] + (isSame ? 0 : 1),
        isSwapped ? rows[i - 2][j - 2] + 1 : Infinity,
      );
    }
  }
  return rows[a.length][b.length];
}
