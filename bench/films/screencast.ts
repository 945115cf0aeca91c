/**
 * The screens of a screencast, drawn by Chromium: a page that is typed into and scrolls, with a call in a small window, for
 * which the camera example's clip stands. Each screen follows from its number alone, so that every run has the same film.
 */
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {chromium, type Page} from 'playwright-core';
import {readClip} from '../../examples/camera/clip-file';
import {fromFile, toPng, type Picture} from '../../examples/camera/pictures';
import {ROOT} from '../frames';

const PAGE = join(ROOT, 'bench/films/screencast.html');
const VIEWPORT = {width: 1280, height: 720};

/** The part of the clip that fills the window: the people who are nearest. */
const CALL = {x: 40, y: 90, width: 384, height: 288};

/** What makes a screen depend on where it is drawn. */
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-background-networking',
  '--force-color-profile=srgb',
  '--disable-lcd-text',
  '--hide-scrollbars',
];

/** @throws where there is no Chromium at /usr/bin/chromium, or where REUSE_CHROMIUM says */
export async function screencast(count: number, onScreen?: () => void): Promise<Picture[]> {
  const executablePath = process.env['REUSE_CHROMIUM'] ?? '/usr/bin/chromium';
  const browser = await chromium.launch({executablePath, args: ARGUMENTS}).catch((error: Error) => {
    throw new Error(`The screencast is drawn by Chromium, which does not start: ${error.message}`, {
      cause: error,
    });
  });
  try {
    const page = await browser.newPage({viewport: VIEWPORT, deviceScaleFactor: 1});
    await page.goto(pathToFileURL(PAGE).href);
    const screens: Picture[] = [];
    for (const [t, picture] of readClip(count).entries()) {
      screens.push(await screenAt(page, t, picture));
      onScreen?.();
    }
    return screens;
  } finally {
    await browser.close();
  }
}

async function screenAt(page: Page, t: number, picture: Picture): Promise<Picture> {
  const url = `data:image/png;base64,${toPng(cut(picture)).toString('base64')}`;
  await page.evaluate(`step(${t}, ${JSON.stringify(url)})`);
  return fromFile(await page.screenshot({type: 'png'}));
}

function cut(picture: Picture): Picture {
  const {x, y, height, width} = CALL;
  const values = new Uint8Array(3 * height * width);
  for (let row = 0; row < height; row++) {
    const from = 3 * ((y + row) * picture.width + x);
    values.set(picture.values.subarray(from, from + 3 * width), 3 * row * width);
  }
  return {height, width, values};
}
