/** Figures to a file. */
import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';

export function writeJson(path: string, results: object): void {
  // More digits than were measured would make every run a long difference.
  const short = (_: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
  mkdirSync(dirname(path), {recursive: true});
  writeFileSync(path, JSON.stringify(results, short, 1) + '\n');
}
