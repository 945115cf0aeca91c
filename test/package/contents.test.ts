/** What the tarball holds, and what installing it would bring along. */
import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {Consumer} from './consumer';

interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, {optional: boolean}>;
}

interface SourceMap {
  sources: string[];
  sourcesContent: (string | null)[];
}

describe('the tarball', () => {
  const consumer = new Consumer();
  const read = (file: string): string => readFileSync(join(consumer.installed, file), 'utf8');
  afterAll(() => consumer.dispose());

  it('holds what users need and nothing else', () => {
    const files = readdirSync(consumer.installed, {recursive: true, encoding: 'utf8'}).sort();
    expect(files).toEqual(
      [
        ...['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json', 'dist'],
        ...['dist/index.js', 'dist/index.js.map', 'dist/index.d.ts'],
        ...['dist/index.cjs', 'dist/index.cjs.map', 'dist/index.d.cts'],
        ...['dist/tfjs-reuse.min.js', 'dist/tfjs-reuse.min.js.map'],
      ].sort(),
    );
  });

  it('brings no dependencies, only peers, and needs no converter', () => {
    const manifest = JSON.parse(read('package.json')) as Manifest;
    expect(manifest.dependencies).toBeUndefined();
    expect(Object.keys(manifest.peerDependencies).sort()).toEqual([
      '@tensorflow/tfjs-converter',
      '@tensorflow/tfjs-core',
      '@tensorflow/tfjs-layers',
    ]);
    expect(manifest.peerDependenciesMeta).toEqual({'@tensorflow/tfjs-converter': {optional: true}});
  });

  it.each(['index.js', 'index.cjs', 'tfjs-reuse.min.js'])(
    'lets a debugger show the sources of %s',
    (file) => {
      expect(read(`dist/${file}`)).toContain(`//# sourceMappingURL=${file}.map`);
      const {sources, sourcesContent} = JSON.parse(read(`dist/${file}.map`)) as SourceMap;
      expect(sources).toContain('../src/reuse.ts');
      expect(sourcesContent.every((text) => typeof text === 'string')).toBe(true);
    },
  );

  it('imports no module but its peers, by their names', () => {
    const imported = [...read('dist/index.js').matchAll(/^import (?:.* from )?["'](.*)["'];$/gm)];
    const names = new Set(imported.map(([, name]) => name));
    expect([...names].sort()).toEqual(['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers']);
  });
});
