/**
 * The tarball in a real browser: as a script tag, and as an application built by Vite. It needs Chromium, at
 * /usr/bin/chromium or where REUSE_CHROMIUM says, so it is no part of `npm test`; `npm run test:chromium` runs it.
 */
import {copyFileSync, mkdtempSync, rmSync} from 'node:fs';
import {availableParallelism, tmpdir} from 'node:os';
import {join} from 'node:path';
import {chromium, type BrowserContext} from 'playwright-core';
import {Consumer, required, tool} from './consumer';
import {serve} from './static-server';

const executablePath = process.env['REUSE_CHROMIUM'] ?? '/usr/bin/chromium';

const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What makes a page cross-origin isolated. */
const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

describe('the tarball in Chromium', () => {
  const profile = mkdtempSync(join(tmpdir(), 'tfjs-reuse-chromium-'));
  const consumer = new Consumer(['@tensorflow/tfjs', ...required]);
  let browser: BrowserContext;

  beforeAll(async () => {
    browser = await chromium.launchPersistentContext(profile, {executablePath, args});
  });
  afterAll(async () => {
    await browser.close();
    consumer.dispose();
    rmSync(profile, {recursive: true, force: true});
  });

  /** Opens a page of a folder and gives what its script left in `result`. */
  async function open(folder: string, file: string, headers?: Record<string, string>): Promise<unknown> {
    const server = await serve(folder, headers);
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    try {
      await page.goto(`${server.url}/${file}`);
      const result = await page.evaluate('globalThis.result');
      expect(errors).toEqual([]);
      return result;
    } finally {
      await page.close();
      await server.close();
    }
  }

  it('works as a script tag on the global tf', async () => {
    consumer.add('check.js').add('script-tag.js').add('page.html');
    copyFileSync(tool('@tensorflow/tfjs/dist/tf.min.js'), join(consumer.folder, 'tf.min.js'));
    expect(await open(consumer.folder, 'page.html')).toBe('OK');
  });

  it('works in an application built by Vite', async () => {
    consumer.add('check.js').add('bundle-all.js').add('index.html');
    consumer.node(tool('vite/bin/vite.js'), 'build', '--logLevel', 'warn');
    expect(await open(join(consumer.folder, 'dist'), 'index.html')).toBe('OK');
  });

  describe('computes on threads', () => {
    beforeAll(() => {
      consumer.add('threads.js').add('threads.html').add('threads-worker.js').add('threads-worker.html');
      copyFileSync(tool('@tensorflow/tfjs/dist/tf.min.js'), join(consumer.folder, 'tf.min.js'));
    });

    const count = Math.min(availableParallelism(), 4);

    it('in a page that is cross-origin isolated', async () => {
      expect(await open(consumer.folder, 'threads.html', ISOLATED)).toMatchObject({count});
    });

    it("in such a page's own worker", async () => {
      expect(await open(consumer.folder, 'threads-worker.html', ISOLATED)).toMatchObject({count});
    });

    it('and on one in any other, with the reason', async () => {
      expect(await open(consumer.folder, 'threads.html')).toEqual({
        count: 1,
        reason: 'this page is not cross-origin isolated',
      });
    });

    it.each([
      ["worker-src 'none'"],
      // A worker of ours comes from a blob, which is not the page's own server. tf.min.js makes functions out of text.
      ["default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'"],
    ])('and on one where a policy forbids workers: %s', async (policy) => {
      const headers = {...ISOLATED, 'content-security-policy': policy};
      expect(await open(consumer.folder, 'threads.html', headers)).toEqual({
        count: 1,
        reason: 'this host starts no workers',
      });
    });
  });
});
