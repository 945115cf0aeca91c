/**
 * The portable engine on tfjs's webgl backend, in Chromium: its own shaders move values to the bit, and its frames are the
 * model's. No part of `npm test`, since the browser has to be installed; `npm run test:browser` runs it.
 */
import * as fc from 'fast-check';
import {inputPlane, preprocessor} from '../../examples/atari/preprocess';
import {openRecording} from '../../examples/atari/recording';
import {clip, network} from '../properties/networks';
import {sample} from '../scale';
import {Pages, type OpenPage} from './pages';

const SAMPLE = sample({short: 10, ci: 10, long: 40});
const FRAMES = 6;
const TOLERANCE = 1e-4;

/** Frames of Pong, one byte a pixel, and the sizes of the paper's network for them. */
function pong(downsample: 2 | 4, frames: number) {
  const {header, screens} = openRecording('Pong');
  const preprocess = preprocessor(header, downsample);
  const bytes: Uint8Array[] = [];
  for (const screen of screens()) {
    bytes.push(Uint8Array.from(preprocess(screen)));
    if (bytes.length === 100 + frames) break;
  }
  const size = {...inputPlane(header, downsample), filters: [20, 40] as const, actions: header.actionCount};
  // The ball is in play by then.
  return {size, clip: Buffer.concat(bytes.slice(100)).toString('base64')};
}

const pages = new Pages();
let page: OpenPage;

beforeAll(async () => {
  await pages.start();
  page = await pages.open();
});
afterAll(() => pages.close());

describe('memory on webgl', () => {
  it('keeps the bits of what it writes, reads and copies', async () => {
    const {put, got, copied} = await page.call('moveBits');
    expect(got).toEqual(put);
    expect(copied).toEqual(put);
  });

  it('writes the pixels listed, no others, and takes them back', async () => {
    const {written, pixels, back, read} = await page.call('writeAndTakeBack');
    const ones = [1, 6, 10];
    expect(written).toEqual(Array.from({length: 24}, (_, i) => (ones.includes(i >> 1) ? 1 : 0)));
    expect(pixels).toEqual(ones);
    expect(back).toEqual(Array.from({length: 24}, () => 0));
    expect(read).toEqual([-Infinity, -Infinity, 1, 1, 0, 0]);
  });

  it('keeps a pixel that is within its tolerance in all channels', async () => {
    expect(await page.call('writeWithin')).toEqual([0, 0, 0.5, NaN]);
  });

  it('compares frames by their bits or by a threshold, now and later', async () => {
    const {bits, over, soon} = await page.call('compare');
    expect(bits).toEqual([3, 40, 41, 100]);
    expect(soon).toEqual(bits);
    expect(over).toEqual([40, 100, 122]);
  });
});

describe('a model on webgl', () => {
  it(`equals the model itself in ${SAMPLE.numRuns} random networks, and a fresh engine`, async () => {
    const cases = fc.sample(fc.tuple(network, clip), SAMPLE);
    for (const [spec, edits] of cases) {
      const {model, fresh} = await page.call('playRandom', spec, edits.slice(0, FRAMES));
      const worst = {spec, model, fresh};
      expect({...worst, holds: model <= TOLERANCE && fresh <= TOLERANCE}).toEqual({...worst, holds: true});
    }
  }, 400_000);

  it("equals the paper's network over frames of Pong, and to the bit a fresh engine", async () => {
    const {size, clip} = pong(4, 20);
    const {model, fresh} = await page.call('playPaper', size, clip);
    expect(model).toBeLessThanOrEqual(TOLERANCE);
    expect(fresh).toBe(0);
  });

  it('predicts the same asynchronously', async () => {
    expect(await page.call('async')).toBe(0);
  });

  it("gives an episode's gradients as the plain model's", async () => {
    expect(await page.call('train')).toBeLessThanOrEqual(TOLERANCE);
  });

  it('leaks neither tensors nor textures in 200 frames', async () => {
    const [before, some, many, after] = await page.call('leaks');
    expect(many).toEqual(some);
    expect(after).toEqual(before);
  }, 400_000);

  it('is as near as float16 textures are, where tfjs has no others', async () => {
    const half = await pages.open({WEBGL_FORCE_F16_TEXTURES: true});
    const {size, clip} = pong(4, 10);
    const {model, fresh} = await half.call('playPaper', size, clip);
    await half.close();
    // 11 bits, in four layers.
    expect(model).toBeLessThanOrEqual(4 * 2 ** -11);
    expect(fresh).toBeLessThanOrEqual(4 * 2 ** -11);
  });

  it('says so where the context is lost, and works once it is started over', async () => {
    const own = await pages.open();
    const {error, after} = await own.call('loseContext');
    await own.close();
    expect(error).toMatch(/WebGL context.*lost context.*tf\.removeBackend\('webgl'\)/s);
    expect(after).toBeLessThanOrEqual(TOLERANCE);
  });

  it('is timed over frames of Pong, for whoever reads the output', async () => {
    const {size, clip} = pong(2, 20);
    const {dense, reuse} = await page.call('timePaper', size, clip);
    process.stdout.write(
      `webgl, drawn on the CPU, Pong, every 2nd row and column, filters 20/40: ` +
        `${dense.toFixed(1)} ms a frame dense, ${reuse.toFixed(1)} ms with reuse\n`,
    );
    expect(Math.min(dense, reuse)).toBeGreaterThan(0);
  }, 400_000);
});
