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

describe('the tarball', () => {
  const consumer = new Consumer();
  const read = (file: string): string => readFileSync(join(consumer.installed, file), 'utf8');
  afterAll(() => consumer.dispose());

  it('holds what users need and nothing else: entries, their chunks and types, and the script', () => {
    const files = readdirSync(consumer.installed, {recursive: true, encoding: 'utf8'});
    const built = files.filter((file) => file.startsWith('dist/'));
    expect(files.filter((file) => !built.includes(file)).sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist',
      'package.json',
    ]);
    const entries = ['index', 'wasm', 'regions'].flatMap((name) =>
      ['.js', '.cjs', '.node.js', '.d.ts', '.d.cts'].map((extension) => `dist/${name}${extension}`),
    );
    expect(built).toEqual(expect.arrayContaining([...entries, 'dist/tfjs-reuse.min.js']));
    const chunks = built.filter((file) => !entries.includes(file) && file !== 'dist/tfjs-reuse.min.js');
    const isChunk = (file: string) => /^dist\/[\w-]+-[\w-]{8}(\.c?js|\.d\.c?ts)$/.test(file);
    expect(chunks.filter((file) => !isChunk(file))).toEqual([]);
  });

  it('has no source maps, and names none', () => {
    const texts = readdirSync(join(consumer.installed, 'dist')).map((file) => read(`dist/${file}`));
    expect(texts.filter((text) => text.includes('sourceMappingURL'))).toEqual([]);
  });

  it('has no internals in its types', () => {
    const types = readdirSync(join(consumer.installed, 'dist')).filter((file) => file.endsWith('.d.ts'));
    expect(types.filter((file) => read(`dist/${file}`).includes('@internal'))).toEqual([]);
    expect(types.map((file) => read(`dist/${file}`)).join('')).not.toContain('lastRun');
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

  it('imports no module but its peers, by their names', () => {
    const names = readdirSync(join(consumer.installed, 'dist'))
      .filter((file) => /(?<!\.node)\.js$/.test(file) && !file.endsWith('.min.js'))
      .flatMap((file) => [...read(`dist/${file}`).matchAll(/^import (?:.* from )?["']([^."'].*)["'];$/gm)])
      .map(([, name]) => name);
    expect([...new Set(names)].sort()).toEqual(['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers']);
  });
});
