/** Markdown as Prettier leaves it: tables with columns of one width, and a template's places filled in. Text alone. */
import type {Column} from '../columns';

/** The first column names the rows; the others are numbers, unless they are said to be text. */
export function markdownTable<T>(
  columns: readonly Column<T>[],
  rows: readonly T[],
  others: 'numbers' | 'text' = 'numbers',
): string {
  const isText = (column: number) => column === 0 || others === 'text';
  const cells = [columns.map(({title}) => title), ...rows.map((row) => columns.map(({text}) => text(row)))];
  const widths = columns.map((_, i) => Math.max(3, ...cells.map((line) => line[i].length)));
  const line = (texts: readonly string[]) =>
    `| ${texts.map((text, i) => (isText(i) ? text.padEnd(widths[i]) : text.padStart(widths[i]))).join(' | ')} |`;
  const rule = widths.map((width, i) => (isText(i) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(cells[0]), line(rule), ...cells.slice(1).map(line)].join('\n');
}

/**
 * Puts a text between two comments that name its place.
 * @throws where there are no such comments
 */
export function between(text: string, place: string, made: string): string {
  const [begin, end] = [`<!-- ${place} -->`, `<!-- /${place} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from)
    throw new Error(`There is no place for ${place}: expected '${begin}' and '${end}'.`);
  return `${text.slice(0, from + begin.length)}\n\n${made}\n\n${text.slice(to)}`;
}

/**
 * Puts values in the places of a template, `{{name}}`.
 * @throws where a place has no value, or a value no place
 */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  const used = new Set<string>();
  const text = template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    if (!(name in values)) throw new Error(`The template has a place {{${name}}}, and nothing to put there.`);
    used.add(name);
    return values[name];
  });
  const unused = Object.keys(values).filter((name) => !used.has(name));
  if (unused.length > 0) throw new Error(`The template has no place for ${unused.join(', ')}.`);
  return text;
}
