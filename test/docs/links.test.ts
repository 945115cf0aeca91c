/**
 * Links between the documents lead somewhere: to a file that is there, and to a heading that it has. Addresses of other
 * sites are nobody's affair here.
 */
import {existsSync, readFileSync} from 'node:fs';
import {dirname, join, relative, resolve} from 'node:path';
import {documents, filesIn, root} from './snippets';

const READMES = [...filesIn('examples', {recursive: true}), join(root, 'findings/README.md')];
const linked = [...documents(), ...READMES.filter((path) => path.endsWith('README.md'))];

it.each(linked.map((path) => relative(root, path)))('every link in %s leads somewhere', (name) => {
  const path = join(root, name);
  expect(linksOf(path).filter((link) => !leadsSomewhere(link, path))).toEqual([]);
});

it('headings have the anchors that GitHub gives them', () => {
  const text =
    '# The `fit` of layers, how_ever\n## Ein Überblick – 1 × 1\n```sh\n# no heading\n```\n### Twice\n### Twice';
  expect(anchorsOf(text)).toEqual(['the-fit-of-layers-how_ever', 'ein-überblick--1--1', 'twice', 'twice-1']);
});

function leadsSomewhere(link: string, from: string): boolean {
  const [file, anchor] = decodeURI(link).split('#');
  const path = file === '' ? from : resolve(dirname(from), file);
  if (!existsSync(path)) return false;
  return anchor === undefined || anchorsOf(readFileSync(path, 'utf8')).includes(anchor);
}

/** The targets of links and pictures, but for those on other sites. */
function linksOf(path: string): string[] {
  const prose = withoutCode(readFileSync(path, 'utf8')).replace(/`[^`\n]*`/g, '');
  const targets = [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target]) => target);
  return targets.filter((target) => !/^\w+:/.test(target));
}

/** A heading's words in lower case with hyphens between them; one that is there already gets a number. */
function anchorsOf(text: string): string[] {
  const times = new Map<string, number>();
  return [...withoutCode(text).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => {
    const words = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = words.replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '').replaceAll(' ', '-');
    const before = times.get(anchor) ?? 0;
    times.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

function withoutCode(text: string): string {
  return text.replace(/^ *```[^]*?^ *```/gm, '').replace(/<!--[^]*?-->/g, '');
}
