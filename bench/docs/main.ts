/**
 * The command: makes docs/performance.md and its charts from docs/performance*.json, the tables of docs/support.md from the
 * code, that of docs/package.md from docs/sizes.json, and the README's numbers from all of these figures.
 * With `--check` it writes nothing, and fails where what is there is not what it would write.
 */
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Results} from '../results';
import type {AutoRun} from '../auto/results';
import type {DenseResults} from '../dense/results';
import type {FilmsResults} from '../films/results';
import type {PolicyResults, Summary} from '../policy/results';
import type {PeersResults} from '../models/peers/results';
import type {ModelsResults} from '../models/results';
import type {TrainingResults} from '../training/results';
import {backendsTable} from './backends';
import {between} from './markdown';
import {opsTable} from './ops';
import {pageFiles, type Figures} from './page';
import {numbersText} from './readme';
import {sizesTable, type Sizes} from './sizes';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DOCS = join(ROOT, 'docs');
const TEMPLATE = fileURLToPath(new URL('performance.template.md', import.meta.url));

async function main(check: boolean): Promise<void> {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(DOCS, name), 'utf8'));
  const figures: Figures = {
    results: read('performance.json') as Results,
    training: read('performance-training.json') as TrainingResults,
    models: read('performance-models.json') as ModelsResults,
    peers: read('performance-peers.json') as PeersResults,
    dense: read('performance-dense.json') as DenseResults,
    films: read('performance-films.json') as FilmsResults,
    policy: read('policy.json') as PolicyResults,
    policyBefore: read('policy-before.json') as Summary[],
    auto: read('performance-auto.json') as AutoRun[],
  };
  const files = await pageFiles(figures, readFileSync(TEMPLATE, 'utf8'));
  const support = supportText(readFileSync(join(DOCS, 'support.md'), 'utf8'));
  const sizes = sizesTable(read('sizes.json') as Sizes);
  const pack = between(readFileSync(join(DOCS, 'package.md'), 'utf8'), 'sizes', sizes);
  for (const [name, text] of Object.entries({...files, 'support.md': support, 'package.md': pack}))
    put(join('docs', name), text, check);
  put(
    'README.md',
    between(readFileSync(join(ROOT, 'README.md'), 'utf8'), 'numbers', numbersText(figures)),
    check,
  );
}

/** The page with its tables as the code has them now. */
function supportText(page: string): string {
  return between(between(page, 'ops', opsTable()), 'backends', backendsTable());
}

function put(name: string, text: string, check: boolean): void {
  const path = join(ROOT, name);
  if (!check) writeFileSync(path, text);
  else if (!isThere(path, text)) {
    throw new Error(`${name} is not what the code, its figures and the template make: npm run bench:docs`);
  }
}

function isThere(path: string, text: string): boolean {
  return existsSync(path) && readFileSync(path, 'utf8') === text;
}

main(process.argv.includes('--check')).catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
