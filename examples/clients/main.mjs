/**
 * Libraries that hold a model, with reuse in place: each is run with it and without, and has to give the same.
 * `npm run test:clients [-- NAME...] [-- --quick]` installs them into this folder, and the packed library beside them.
 */
import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

const here = import.meta.dirname;
const root = join(here, '../..');
const modules = join(here, 'node_modules');
const bin = (name) => join(root, 'node_modules/.bin', name);

/** In the order of the table. */
const CLIENTS = ['nsfwjs', 'movenet-multi', 'mobilenet'];

/** Of the largest number that a call gives: what is documented for deep graph models. */
const TOLERANCE = 1e-4;

const npm = (given, cwd) =>
  execFileSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', given, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  });

function installClients() {
  const installed = join(modules, '.package-lock.json');
  const lock = join(here, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs > statSync(lock).mtimeMs) return;
  console.log('clients: installing');
  npm(['ci', '--ignore-scripts', '--legacy-peer-deps', '--silent'], here);
}

/** As if it were installed from the registry: the tarball, unpacked. */
function installLibrary() {
  const folder = mkdtempSync(join(tmpdir(), 'tfjs-reuse-'));
  const target = join(modules, 'tfjs-reuse');
  try {
    const packed = process.env.TFJS_REUSE_TARBALL ?? pack(folder);
    rmSync(target, {recursive: true, force: true});
    mkdirSync(target);
    execFileSync('tar', ['-xzf', packed, '-C', target, '--strip-components=1']);
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

function pack(folder) {
  npm(['pack', '--silent', '--pack-destination', folder], root);
  return join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.tgz')),
  );
}

/** Null where it fails; what it prints besides is passed on. */
function measure(name, quick) {
  const given = ['--tsconfig', join(here, 'tsconfig.json'), join(here, 'measure.ts'), name];
  try {
    const printed = execFileSync(bin('tsx'), quick ? [...given, 'quick'] : given, {
      cwd: here,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return JSON.parse(printed.trim().split('\n').pop());
  } catch (error) {
    console.error(`${name}: ${error.message}`);
    return null;
  }
}

/** A client that found nothing in any frame has not been compared. */
const isRight = ({calls}) =>
  calls.some(({answers}) => answers > 0) &&
  calls.every(({difference, leaked}) => difference !== null && difference <= TOLERANCE && leaked === 0);

/** As words, where it is no number. */
function inWords(answers, difference) {
  if (difference === null) return 'other results';
  return answers === 0 ? 'nothing found' : difference.toExponential(1);
}

function print({client, version, weights, line, calls}) {
  for (const {call, clip, answers, difference, leaked, aloneMs, reuseMs, share} of calls) {
    const cells = [
      client,
      version,
      weights,
      line,
      call,
      clip,
      inWords(answers, difference),
      leaked,
      aloneMs.toFixed(1),
    ];
    const gain = (aloneMs / reuseMs).toFixed(2);
    console.log(`| ${[...cells, reuseMs.toFixed(1), gain, `${(100 * share).toFixed(1)} %`].join(' | ')} |`);
  }
}

const given = process.argv.slice(2);
const quick = given.includes('--quick');
const names = given.filter((name) => !name.startsWith('--'));
const unknown = names.filter((name) => !CLIENTS.includes(name));
if (unknown.length > 0)
  throw new Error(`No client is called ${unknown.join(', ')}; there are ${CLIENTS.join(', ')}.`);

installClients();
installLibrary();
execFileSync(bin('tsc'), ['-p', here], {stdio: 'inherit'});

console.log(
  '| Client | Version | Weights | Line | Call | Frames | Largest difference | Tensors leaked | Alone, ms | With reuse, ms | Times faster | Multiply-adds |',
);
console.log('| --- | --- | --- | --- | --- | --- | --: | --: | --: | --: | --: | --: |');
let failed = [];
for (const name of names.length > 0 ? names : CLIENTS) {
  const found = measure(name, quick);
  if (found !== null) print(found);
  if (found === null || !isRight(found)) failed = [...failed, name];
}
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
