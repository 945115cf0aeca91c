/**
 * Makes the pictures of the browser example's page that its README shows, once its figures have settled:
 * `npx tsx test/browser/screenshots.ts`. Needs Chromium, and the pretrained models.
 */
import {openChromium, startDevServer} from './dev-server';

const FRAMES = 60;

const shots = [
  {
    name: 'desktop',
    viewport: {width: 910, height: 720},
    colorScheme: 'light',
    query: 'model=nanodet&source=clip&gate=8&threshold=0.1',
  },
  {
    name: 'phone',
    viewport: {width: 360, height: 740},
    colorScheme: 'dark',
    query: 'model=posenet&source=clip&gate=12&threshold=0.05',
  },
] as const;

const server = await startDevServer();
const browser = await openChromium();
for (const {name, query, ...options} of shots) {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(300_000);
  await page.goto(`${server.url}?${query}`);
  await page.waitForFunction(
    (frames) => Number(document.getElementById('frames')!.dataset['value']) >= frames,
    FRAMES,
  );
  await page.screenshot({path: `docs/images/browser-${name}.png`, fullPage: true});
}
await browser.close();
server.close();
