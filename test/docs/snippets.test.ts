/**
 * The code in README.md and below docs/ does what it is shown to do: every program is run on the sources. How blocks are
 * written is said in snippets.ts.
 */
import {transformSync} from '@swc/core';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {documents, languages, root, snippetsOf, type Snippet} from './snippets';

type Program = (require: (name: string) => unknown, exports: object) => Promise<void>;

const AsyncFunction = (async () => undefined).constructor as new (...args: string[]) => Program;

const checks: Record<string, (snippet: Snippet) => void | Promise<void>> = {
  js: ({setup, code}) => run(`${setup}\n${code}`),
  ts: ({setup, code}) => run(`${setup}\n${code}`),
  html: ({setup, code}) => run(`${setup}\n${pageScript(code)}`),
  sh: ({code}) => expectScripts(code),
  json: ({code}) => void JSON.parse(code),
  text: () => undefined,
};

beforeAll(() => {
  for (const method of ['log', 'info', 'warn', 'table'] as const) {
    jest.spyOn(console, method).mockImplementation(() => undefined);
  }
});

const all = documents().flatMap(snippetsOf);

it('every block of code names a language that is checked', () => {
  const unknown = all.filter(({language}) => !languages.includes(language));
  expect(unknown.map(({place, language}) => `${place}: ${language || 'no language'}`)).toEqual([]);
});

it.each(['camera', 'screens', 'edits', 'training', 'gpu', 'memory'])(
  'docs/guide/%s.md begins with a program that needs nothing else',
  (name) => {
    const [first] = snippetsOf(join(root, `docs/guide/${name}.md`));
    expect(first).toMatchObject({language: 'js', setup: ''});
  },
);

for (const snippet of all.filter(({language}) => language in checks && language !== 'text')) {
  it(`${snippet.place} (${snippet.language})`, async () => {
    await checks[snippet.language](snippet);
  });
}

/** Runs a module, with the sources as the package. */
async function run(code: string): Promise<void> {
  const {code: program} = transformSync(code, {
    filename: 'snippet.ts',
    jsc: {target: 'es2022', parser: {syntax: 'typescript'}},
    module: {type: 'commonjs'},
  });
  await new AsyncFunction('require', 'exports', program)(load, {});
}

function load(name: string): unknown {
  const [, entry = 'index'] = /^tfjs-reuse(?:\/(\w+))?$/.exec(name) ?? [];
  return jest.requireActual(name.startsWith('tfjs-reuse') ? `../../src/${entry}` : name);
}

/** What script tags load, by file, as imports of what they make global. */
const SCRIPTS: Readonly<Record<string, string>> = {
  'tf.min.js': "import * as tf from '@tensorflow/tfjs';",
  'tf-backend-wasm.min.js': "import '@tensorflow/tfjs-backend-wasm';",
  'tfjs-reuse.min.js': "import * as tfjsReuse from 'tfjs-reuse';",
};

/** A page's own scripts, as a module. */
function pageScript(html: string): string {
  const scripts = [...html.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)];
  return scripts
    .map(([, attributes, body]) => {
      const source = /src="(?:[^"]*\/)?([^"/]*)"/.exec(attributes)?.[1];
      if (source === undefined) return body;
      if (source in SCRIPTS) return SCRIPTS[source];
      throw new Error(`The page loads ${source}, which is none of ${Object.keys(SCRIPTS).join(', ')}.`);
    })
    .join('\n');
}

function expectScripts(code: string): void {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const named = [...code.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name);
  expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(named));
}
