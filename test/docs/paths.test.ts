/** What the pages for contributors name of the code is there: every file and folder in `code` or in a drawing. */
import {existsSync, readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';

const root = resolve(__dirname, '../..');

const PAGES = ['CONTRIBUTING.md', 'docs/architecture.md', 'docs/how-it-works.md'];

/** Names that stand for several. */
const STANDS_FOR: Readonly<Record<string, string>> = {ENGINE: 'wasm', KIND: 'conv2d'};

const ENGINES = ['wasm', 'webgpu', 'tfjs'].map((engine) => `src/engines/${engine}`);

/** What paths are told from: a page's own words say which. */
const FROM = ['', 'src', 'src/importers', 'src/layers', 'src/engines', ...ENGINES];

/** A file of code, or a folder that ends in a slash. */
const PATH = /(?<![\w/.-])(?:[\w-]+\/)*[\w-]+(?:\.(?:test\.)?(?:ts|mjs|js)(?![\w-])|\/(?=[`\s,]))/g;

test.each(PAGES)('%s names files and folders that are there', (page) => {
  const paths = codeIn(readFileSync(join(root, page), 'utf8')).flatMap((code) => code.match(PATH) ?? []);
  expect(paths.length).toBeGreaterThan(0);
  expect(paths.filter((path) => !isThere(path))).toEqual([]);
});

/** The text in backticks, its backticks included, and in indented lines. */
function codeIn(text: string): string[] {
  return text.match(/`[^`\n]+`|^ {4}.*$/gm) ?? [];
}

function isThere(path: string): boolean {
  const named = path.replace(/[A-Z]+(?=[/.])/g, (name) => STANDS_FOR[name] ?? name);
  return FROM.some((from) => existsSync(join(root, from, named)));
}
