/** What a browser's host serves: isolated pages, files of its folders alone, calls and answers. And the time that processes took. */
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {cpuTimeOf} from '../../../bench/dense/hosts/cpu-time';
import {startServer, type PageServer} from '../../../bench/dense/hosts/server';

const folder = mkdtempSync(join(tmpdir(), 'dense-server-'));
let server: PageServer;

beforeAll(async () => {
  mkdirSync(join(folder, 'page'));
  writeFileSync(join(folder, 'page/page.html'), '<p>page');
  writeFileSync(join(folder, 'page/page.js'), 'page');
  writeFileSync(join(folder, 'secret.json'), '{}');
  server = await startServer({'': join(folder, 'page'), works: join(folder, 'page')});
});
afterAll(() => {
  server.close();
  rmSync(folder, {recursive: true});
});

const get = (path: string) => fetch(new URL(path, server.url));

it('serves pages that are isolated, and scripts that they may load', async () => {
  const page = await get('/');
  expect(await page.text()).toBe('<p>page');
  expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(page.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
  expect(page.headers.get('content-type')).toContain('text/html');
  expect((await get('/works/page.js')).headers.get('content-type')).toBe('text/javascript');
});

it.each(['/nothing.js', '/secret.json', '/works/..%2fsecret.json', '/other/page.js'])(
  'has no %s',
  async (path) => {
    expect((await get(path)).status).toBe(404);
  },
);

it('hands calls to the page that asks for them, and answers to who called', async () => {
  const late = get('/call');
  const first = server.ask({name: 'first'});
  expect(await (await late).json()).toEqual({name: 'first'});
  await fetch(new URL('/answer', server.url), {method: 'POST', body: JSON.stringify({result: 1})});
  expect(await first).toEqual({result: 1});

  const second = server.ask({name: 'second'});
  expect(await (await get('/call')).json()).toEqual({name: 'second'});
  await fetch(new URL('/answer', server.url), {method: 'POST', body: JSON.stringify({error: 'no'})});
  expect(await second).toEqual({error: 'no'});
});

(process.platform === 'linux' ? it : it.skip)(
  'the time of a process is counted, with those that it started',
  () => {
    const own = cpuTimeOf(process.pid)!;
    expect(own).toBeGreaterThan(0);
    expect(cpuTimeOf(process.ppid)!).toBeGreaterThanOrEqual(own);
    expect(cpuTimeOf(-1)).toBe(0);
  },
);
