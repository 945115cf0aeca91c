/**
 * The browser example's page in Chromium: on each of tfjs's backends that browsers have, with every source that can be had
 * without a person, by keyboard, and on a phone. It reads the figures off the page. No part of `npm test`, since the browser
 * has to be installed; `npm run test:browser` runs it.
 */
import type {Browser, BrowserContextOptions, Page} from 'playwright-core';
import {areModelsInstalled} from '../../examples/camera/load-model';
import {openChromium, startDevServer, type DevServer} from './dev-server';

const BACKENDS = ['wasm', 'webgl', 'webgpu'];

/** Of the largest magnitude of the model's own output. */
const TOLERANCE = 1e-4;

/** A GPU that is none is slow, and its shaders are compiled first. */
const PATIENCE = 100_000;

let server: DevServer;
let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => {
  server = await startDevServer();
  browser = await openChromium();
});
afterAll(async () => {
  await browser.close();
  server.close();
});
afterEach(() => page.context().close());

async function open(
  choices: Record<string, string> = {},
  options: BrowserContextOptions = {},
  within = browser,
): Promise<void> {
  const context = await within.newContext(options);
  page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  errors = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('requestfailed', (request) => errors.push(`${request.url()} failed`));
  // tfjs refuses a WebGL that is computed on the CPU, unless it is told not to.
  const flags = {tfjsflags: 'SOFTWARE_WEBGL_ENABLED:true'};
  await page.goto(
    `${server.url}?${new URLSearchParams({model: 'paper-4-20', game: 'Pong', ...flags, ...choices})}`,
  );
}

const figure = async (id: string) => Number(await page.locator(`#${id}`).getAttribute('data-value'));

async function untilFrames(frames: number): Promise<void> {
  await page.waitForFunction((least) => {
    const {dataset} = document.getElementById('frames')!;
    return Number(dataset['value'] ?? -1) >= least || document.getElementById('error')!.textContent !== '';
  }, frames);
  expect(await page.locator('#error').textContent()).toBe('');
}

/**
 * Until a frame is shown of which a part is drawn as changed: where no result is drawn, the picture with reuse differs from
 * the dense one by that alone. Many frames of a recording change nothing.
 */
async function untilRegion(): Promise<void> {
  await page.waitForFunction(() => {
    const [dense, reuse] = ['dense', 'reuse'].map((id) => {
      const canvas = document.getElementById(id) as HTMLCanvasElement;
      const image = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return new Uint32Array(image.data.buffer);
    });
    const share = dense.filter((pixel, i) => pixel !== reuse[i]).length / dense.length;
    return share > 0 && share < 0.5;
  });
}

async function expectReuse(): Promise<void> {
  expect(await figure('difference')).toBeLessThanOrEqual(TOLERANCE);
  expect(await figure('macs-saved')).toBeGreaterThan(0);
  expect(await figure('dense-fps')).toBeGreaterThan(0);
  expect(await figure('reuse-fps')).toBeGreaterThan(0);
  expect(errors).toEqual([]);
}

for (const backend of BACKENDS) {
  it(`plays a recording on ${backend}`, async () => {
    await open({backend, policy: 'incremental'});
    await untilFrames(8);
    await expectReuse();
    expect(await figure('macs-saved')).toBeGreaterThan(0.5);
    await untilRegion();
  });
}

(areModelsInstalled() ? it : it.skip)('plays the clip through a pretrained model', async () => {
  await open({model: 'posenet', source: 'clip', policy: 'incremental'});
  await untilFrames(3);
  await expectReuse();
  await expect(page.locator('#reuse-found').textContent()).resolves.toMatch(/^\d (person|people)$/);
});

it('plays the webcam', async () => {
  await open({source: 'webcam', policy: 'incremental'}, {permissions: ['camera']});
  await untilFrames(5);
  expect(await figure('difference')).toBeLessThanOrEqual(TOLERANCE);
  expect(errors).toEqual([]);
});

it('plays the screen', async () => {
  const everythingAllowed = await openChromium('--use-fake-ui-for-media-stream');
  await open({source: 'screen', policy: 'incremental'}, {}, everythingAllowed);
  await untilFrames(5);
  expect(await figure('difference')).toBeLessThanOrEqual(TOLERANCE);
  expect(errors).toEqual([]);
  await everythingAllowed.close();
});

it('says that the camera was not allowed, and goes on with another source', async () => {
  await open({source: 'webcam'});
  await page.locator('#error:not(:empty)').waitFor();
  expect(await page.locator('#error').textContent()).toContain('camera was not allowed');
  await page.getByLabel('Frames').selectOption('recording');
  await untilFrames(2);
});

it('says that there is no WebGPU, and goes on with another backend', async () => {
  await open({backend: 'wasm'});
  await untilFrames(1);
  await page.evaluate(() => Object.defineProperty(navigator, 'gpu', {value: undefined}));
  await page.getByLabel('Backend').selectOption('webgpu');
  await page.locator('#error:not(:empty)').waitFor();
  expect(await page.locator('#error').textContent()).toContain('no WebGPU');
  await page.getByLabel('Backend').selectOption('cpu');
  await untilFrames(1);
  expect(errors).toEqual([]);
});

it('is played and set by keyboard, and keeps its settings in its address', async () => {
  await open();
  await untilFrames(1);
  await page.getByRole('button', {name: 'Pause'}).press('Space');
  await page.getByRole('button', {name: 'Play'}).waitFor();
  await page.getByLabel('Gate').press('ArrowRight');
  await page.waitForURL(/gate=1(&|$)/);
  await page.waitForFunction(() => document.getElementById('frames')!.dataset['value'] === '0');
  await page.getByRole('button', {name: 'Play'}).press('Space');
  await untilFrames(2);
  await page.reload();
  // The page is there before its program has set the controls.
  const gate = await page.getByLabel('Gate').elementHandle();
  await page.waitForFunction((input) => (input as HTMLInputElement).value === '1', gate);
});

it('fits a phone and a desktop, with a name for every control', async () => {
  await open({}, {viewport: {width: 360, height: 740}});
  await untilFrames(1);
  for (const width of [360, 620, 1280]) {
    await page.setViewportSize({width, height: 740});
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  }
  for (const name of [
    'Model',
    'Frames',
    'Game',
    'Backend',
    'Engine',
    'Policy',
    'Gate',
    'Threshold',
    'Region drawn',
  ]) {
    await page.getByLabel(name).first().waitFor();
  }
});

test('below /data/ is what lies there, and nothing else', async () => {
  await open();
  const statusOf = async (path: string) => (await fetch(`${server.url}data/${path}`)).status;
  expect(await statusOf('recordings/Pong')).toBe(200);
  for (const path of [
    'recordings/Tetris',
    'constructor/x',
    'toString/x',
    '__proto__/x',
    'x/y',
    'clip/constructor',
  ])
    expect([path, await statusOf(path)]).toEqual([path, 404]);
});
