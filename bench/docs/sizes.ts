/** The table of what imports cost in docs/package.md, from what the package's test recorded in docs/sizes.json. */
import type {Column} from '../columns';
import {markdownTable} from './markdown';

/** Gzipped bytes, by bundler and by what is imported. */
export type Sizes = Readonly<Record<string, Readonly<Record<string, number>>>>;

const TITLES: Readonly<Record<string, string>> = {vite: 'Vite 8', esbuild: 'esbuild', webpack: 'webpack 5'};

/** An import is named in code; what is imported of an entry stands before it. */
const titleOf = (name: string): string => name.replace(/[\w/-]*tfjs-reuse[\w/-]*|withReuse/g, '`$&`');

export function sizesTable(sizes: Sizes): string {
  const [first] = Object.values(sizes);
  const columns: Column<string>[] = [
    {title: 'Import', text: titleOf},
    ...Object.keys(sizes).map((bundler) => ({
      title: TITLES[bundler] ?? bundler,
      text: (name: string) => sizes[bundler][name].toLocaleString('en-US'),
    })),
  ];
  return markdownTable(columns, Object.keys(first));
}
