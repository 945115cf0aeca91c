/** Opens pages that run page.ts in Chromium, which has to be installed: at /usr/bin/chromium, or where REUSE_CHROMIUM says. */
import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {chromium, type BrowserContext} from 'playwright-core';
import {tool} from '../package/consumer';
import type {Page} from './page';

/** WebGL drawn on the CPU, so that no graphics card is needed. */
const args = [
  '--headless',
  '--no-sandbox',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface OpenPage {
  /** Calls a function of page.ts there. */
  call<K extends keyof Page>(
    name: K,
    ...parameters: Parameters<Page[K]>
  ): Promise<Awaited<ReturnType<Page[K]>>>;
  close(): Promise<void>;
}

export class Pages {
  private readonly folder = mkdtempSync(join(tmpdir(), 'tfjs-reuse-browser-'));
  private browser: BrowserContext | null = null;

  async start(): Promise<void> {
    const config = join(__dirname, 'vite.config.mjs');
    const build = ['build', '--config', config, '--outDir', this.folder, '--emptyOutDir'];
    execFileSync(process.execPath, [tool('vite/bin/vite.js'), ...build]);
    const executablePath = process.env['REUSE_CHROMIUM'] ?? '/usr/bin/chromium';
    this.browser = await chromium.launchPersistentContext(join(this.folder, 'profile'), {
      executablePath,
      args,
    });
  }

  /** @param flags of tfjs, set before its backend starts */
  async open(flags: Record<string, boolean> = {}): Promise<OpenPage> {
    const page = await this.browser!.newPage();
    await page.addScriptTag({path: join(this.folder, 'page.js')});
    const call: OpenPage['call'] = (name, ...parameters) =>
      page.evaluate(
        ([name, parameters]) => {
          const {page} = globalThis as unknown as {page: Record<string, (...given: unknown[]) => unknown>};
          return page[name](...parameters);
        },
        [name, parameters] as [string, unknown[]],
      ) as never;
    const backend = await call('start', flags);
    if (backend !== 'webgl') throw new Error(`the page runs on ${backend}`);
    return {call, close: () => page.close()};
  }

  async close(): Promise<void> {
    await this.browser?.close();
    rmSync(this.folder, {recursive: true, force: true});
  }
}
