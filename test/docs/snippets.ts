/**
 * Finds the code in a Markdown file. It reads text and runs nothing; how the programs run is snippets.test.ts's affair.
 *
 * How to write code in README.md and the documents below docs/:
 *
 * - Every block in ``` fences says its language. `js`, `ts` and `html` are run; in `sh`, every `npm run …` must be a
 *   script of package.json; `json` must parse; `text` is for all that is no program.
 * - A block is a module: it may import 'tfjs-reuse' and what else is installed, and await at its top.
 * - What a block needs and readers need not see, write in a comment right before it. It becomes the head of the module,
 *   and may declare what the block uses, or use what the block imports:
 *
 *       <!-- setup
 *       import {addressOf, smallModel} from './fixtures';
 *       const url = await addressOf(smallModel());
 *       -->
 *
 * - `<!-- continues -->` before a block makes it the rest of the program that the block before it began.
 */
import {readFileSync, readdirSync} from 'node:fs';
import {join, relative, resolve} from 'node:path';

/** The repository. */
export const root = resolve(__dirname, '../..');

/** The programs' languages, and those that are looked at without being run. */
export const languages = ['js', 'ts', 'html', 'sh', 'json', 'text'];

export interface Snippet {
  /** Where it starts: file and line. */
  readonly place: string;
  readonly language: string;
  readonly setup: string;
  readonly code: string;
}

/** README.md, CHANGELOG.md and every document below docs/, but for the reference that `npm run docs` makes. */
export function documents(): string[] {
  const reference = join(root, 'docs/api');
  return [...filesIn('.'), ...filesIn('docs', {recursive: true})].filter(
    (path) => path.endsWith('.md') && !path.startsWith(reference),
  );
}

/** The paths of what lies in a folder of the repository. */
export function filesIn(folder: string, {recursive = false} = {}): string[] {
  const names = readdirSync(join(root, folder), {recursive, encoding: 'utf8'});
  // Some folders have packages of their own installed.
  return names.filter((name) => !name.includes('node_modules')).map((name) => join(root, folder, name));
}

/** The code of a file, in order, with blocks that continue one another put together. */
export function snippetsOf(path: string): Snippet[] {
  const text = readFileSync(path, 'utf8');
  const snippets: Snippet[] = [];
  for (const match of text.matchAll(block)) {
    const {comment = '', language, code} = match.groups ?? {};
    const line = text.slice(0, match.index + match[0].indexOf('```')).split('\n').length;
    const snippet = {place: `${relative(root, path)}:${line}`, language, setup: setupOf(comment), code};
    const before = /<!--\s*continues\s*-->/.test(comment) && snippets.pop();
    snippets.push(before ? {...before, code: `${before.code}\n${snippet.setup}\n${code}`} : snippet);
  }
  return snippets;
}

/** A fenced block, with the comment before it. */
const block =
  /(?:(?<comment><!--(?:(?!-->)[^])*-->)\s*)?^ *```(?<language>\w*)[^\n]*\n(?<code>(?:(?! *```)[^\n]*\n)*) *```/gm;

function setupOf(comment: string): string {
  return /<!--\s*setup\s*\n([^]*)-->/.exec(comment)?.[1] ?? '';
}
