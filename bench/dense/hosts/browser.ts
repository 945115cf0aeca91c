/** Browsers as hosts: one isolated page, a frame in it for each side. */
import {execFileSync, spawn, type ChildProcess} from 'node:child_process';
import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, relative} from 'node:path';
import {createRequire} from 'node:module';
import {ROOT} from '../../frames';
import type {Answer} from '../realm/messages';
import {sideId, type Side} from '../sides';
import {bundlePage} from './bundle';
import {cpuTimeOf} from './cpu-time';
import type {Host, Realm} from './host';
import {startServer, type PageServer} from './server';

type Browser = 'chromium' | 'firefox';

/** On Debian; or where these variables say. */
const PATHS: Readonly<Record<Browser, string>> = {
  chromium: process.env['REUSE_CHROMIUM'] ?? '/usr/bin/chromium',
  firefox: process.env['REUSE_FIREFOX'] ?? '/usr/bin/firefox',
};

export async function browserHost(name: Browser, works: string): Promise<Host> {
  const program = PATHS[name];
  if (!existsSync(program)) throw new Error(`There is no ${name} at ${program}.`);
  const bundle = await bundlePage();
  const server = await startServer({
    '': bundle,
    works,
    peers: join(ROOT, 'bench/peers/node_modules'),
    wasm: dirname(createRequire(join(ROOT, 'package.json')).resolve('@tensorflow/tfjs-backend-wasm')),
  });
  const profile = mkdtempSync(join(tmpdir(), 'tfjs-reuse-dense-'));
  const browser = start(name, profile, server.url);
  return {
    name,
    kind: 'browser',
    version: versionOf(program),
    open: (side, folder) => open(server, browser, side, relative(works, folder)),
    async close() {
      server.close();
      await stop(browser);
      rmSync(profile, {recursive: true, force: true, maxRetries: 10});
    },
  };
}

const versionOf = (program: string): string =>
  execFileSync(program, ['--version'], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']})
    .replace(/^Mozilla /, '')
    .replace(/ built on .*/s, '')
    .trim();

/** Timers as exact as isolated pages may have them, and no page of the browser's own. */
const FIREFOX_SETTINGS = {
  'privacy.reduceTimerPrecision': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'browser.aboutwelcome.enabled': false,
  'app.update.enabled': false,
};

const CHROMIUM_ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function start(name: Browser, profile: string, url: string): ChildProcess {
  if (name === 'firefox') {
    const settings = Object.entries(FIREFOX_SETTINGS).map(([key, value]) => `user_pref('${key}', ${value});`);
    writeFileSync(join(profile, 'user.js'), settings.join('\n'));
  }
  const given =
    name === 'firefox'
      ? ['--headless', '--no-remote', '--profile', profile, url]
      : [...CHROMIUM_ARGUMENTS, `--user-data-dir=${profile}`, url];
  // A group of its own, so that what it starts can be ended with it.
  const browser = spawn(PATHS[name], given, {stdio: 'ignore', detached: true});
  process.once('exit', () => kill(browser));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  return browser;
}

function kill(browser: ChildProcess): void {
  if (browser.exitCode === null && browser.signalCode === null) process.kill(-browser.pid!);
}

async function stop(browser: ChildProcess): Promise<void> {
  if (browser.exitCode !== null) return;
  const ended = new Promise((resolve) => browser.once('exit', resolve));
  kill(browser);
  await ended;
}

/** @param work the name of its folder */
async function open(server: PageServer, browser: ChildProcess, side: Side, work: string): Promise<Realm> {
  const realm = `${work}/${sideId(side)}`;
  const ask = async (name: string, given: unknown) => {
    const answer = await orGone(browser, server.ask({realm, name, given}));
    if ('error' in answer) throw new Error(answer.error);
    return answer.result;
  };
  const cpuMs = () => cpuTimeOf(browser.pid!);
  try {
    await ask('open', side);
  } catch (error) {
    await ask('close', null);
    throw error;
  }
  return {
    check: async () => (await ask('check', null)) as number,
    async play(count) {
      await settle(cpuMs);
      const before = cpuMs();
      const ms = (await ask('play', count)) as number[];
      const after = cpuMs();
      return {ms, cpuMs: before === null || after === null ? null : after - before};
    },
    async close() {
      await ask('close', null);
    },
  };
}

function orGone(browser: ChildProcess, answer: Promise<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error('The browser has ended.'));
    browser.once('exit', gone);
    void answer.then(resolve).finally(() => browser.off('exit', gone));
  });
}

/** How the browser is found to be at rest: in so many milliseconds it takes no more than that of a processor's time. */
const REST = {ms: 60, cpuMs: 10};
const MOST_RESTS = 20;

async function settle(cpuMs: () => number | null): Promise<void> {
  for (let i = 0; i < MOST_RESTS; i++) {
    const before = cpuMs();
    await new Promise((resolve) => setTimeout(resolve, REST.ms));
    const after = cpuMs();
    if (before === null || after === null || after - before <= REST.cpuMs) return;
  }
}
