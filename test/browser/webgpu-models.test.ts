/**
 * Pretrained models that have to be awaited, on the WebGPU engine in Chromium: tfjs's graph executor reads tensors at once
 * in them, for which its webgpu backend takes a canvas, and Node has none. What is expected is what the model itself gives
 * there, and not on the wasm backend, which keeps other boxes than tfjs's cpu and webgpu backends do. No part of `npm test`,
 * since the browser has to be installed; `npm run test:browser` runs it.
 */
import {join} from 'node:path';
import type {Browser} from 'playwright-core';
import {openSource} from '../../examples/camera/clips';
import {resize} from '../../examples/camera/resize';
import {distance} from '../importers/graph/playing';
import {PLANNED, whereInstalled, type RealModel} from '../importers/graph/real-models';
import {atScale} from '../scale';
import {openChromium, startDevServer, type DevServer} from './dev-server';
import type {Output, Page, Played} from './webgpu-page';

const FRAMES = atScale({short: 2, ci: 3, long: 6});

/** What a graph model this deep is held to. */
const TOLERANCE = 1e-4;

/** With an icon, or the browser would look for one and log that there is none. */
const BLANK = '<!doctype html><link rel="icon" href="data:," />';

const awaited = PLANNED.filter(({isAsync}) => isAsync).map((real) => [real.name, real] as const);

function expectEqual(actual: Output, expected: Output, what: string): void {
  expect([what, actual.dtype, actual.shape]).toEqual([what, expected.dtype, expected.shape]);
  const {error, largest, at} = distance(actual.values, expected.values);
  if (error <= TOLERANCE * largest) return;
  throw new Error(`${what}: off by ${error} at ${at}, largest magnitude ${largest}`);
}

whereInstalled('on webgpu', () => {
  let server: DevServer;
  let browser: Browser;

  beforeAll(async () => {
    server = await startDevServer();
    // Canvases of WebGPU take a Vulkan that needs no display. Without one, the first that is read loses the device.
    browser = await openChromium('--use-vulkan=swiftshader');
  });
  afterAll(async () => {
    await browser.close();
    server.close();
  });

  /** In a page of its own: the server's would start to play. */
  async function play({name, size, encode}: RealModel, errors: string[]): Promise<Played> {
    const page = await browser.newPage();
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(error.message));
    await page.route(server.url, (route) => route.fulfill({contentType: 'text/html', body: BLANK}));
    await page.goto(server.url);
    await page.addScriptTag({type: 'module', url: `/@fs${join(__dirname, 'webgpu-page.ts')}`});
    const [height, width] = size;
    const clip = openSource(undefined, FRAMES).map((picture) => encode(resize(picture, {height, width})));
    const played = await page.evaluate(
      ([name, shape, clip]) => (globalThis as unknown as {page: Page}).page.play(name, shape, clip),
      [name, [1, ...size, 3], clip] as Parameters<Page['play']>,
    );
    await page.close();
    return played;
  }

  test.each(awaited)(
    '%s: each frame of a camera gives what the model itself gives',
    async (_name, real) => {
      const logged: string[] = [];
      const {names, frames, left, errors} = await play(real, logged);
      for (const [t, {actual, expected}] of frames.entries())
        expected.forEach((output, i) => expectEqual(actual[i], output, `frame ${t}, ${names[i]}`));
      const later = frames.slice(1).map(() => 'incremental');
      expect(frames.map(({path}) => path)).toEqual(['prime', ...later]);
      expect(left).toBe(0);
      expect([...errors, ...logged]).toEqual([]);
    },
    600_000,
  );
});
