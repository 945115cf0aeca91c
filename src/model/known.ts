/** Names of options: one that is misspelt would be left unheard. */

/**
 * @param what whose options they are, for the error
 * @throws where `given` has a name that is not `known`
 */
export function onlyKnown(what: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new Error(`${what} has no '${unknown}'; it has ${known.map((name) => `'${name}'`).join(', ')}.`);
}
