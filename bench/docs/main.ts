/**
 * The command: makes docs/performance.md and its charts from docs/performance*.json. With `--check` it writes nothing, and
 * fails where what is there is not what it would write.
 */
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Results} from '../results';
import type {ModelsResults} from '../models/results';
import type {TrainingResults} from '../training/results';
import {pageFiles} from './page';

const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url));
const TEMPLATE = fileURLToPath(new URL('performance.template.md', import.meta.url));

async function main(check: boolean): Promise<void> {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(DOCS, name), 'utf8'));
  const results = read('performance.json') as Results;
  const training = read('performance-training.json') as TrainingResults;
  const models = read('performance-models.json') as ModelsResults;
  const files = await pageFiles(results, training, models, readFileSync(TEMPLATE, 'utf8'));
  for (const [name, text] of Object.entries(files)) {
    if (!check) writeFileSync(join(DOCS, name), text);
    else if (!isThere(join(DOCS, name), text)) {
      throw new Error(`docs/${name} is not what its figures and the template make: npm run bench:docs`);
    }
  }
}

function isThere(path: string, text: string): boolean {
  return existsSync(path) && readFileSync(path, 'utf8') === text;
}

main(process.argv.includes('--check')).catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
