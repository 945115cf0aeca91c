/** Shows turns on the page: both pictures, what was found and recomputed, and the figures. It decides nothing. */
import type {FrameReport, Region} from '../../src';
import {COLOURS, withResult} from '../camera/overlay';
import type {Picture} from '../camera/pictures';
import type {Side, Turn} from './comparison';
import type {PageModel} from './models';
import type {Tally} from './tally';

const byId = <T extends Element = HTMLElement>(id: string) => document.getElementById(id) as unknown as T;

const PATHS: Readonly<Record<FrameReport['path'], string>> = {
  incremental: 'only what changed',
  prime: 'in full',
  dense: 'left to the model',
};

/** Makes room for pictures of a model, shown in the aspect of what is filmed. */
export function prepare({size, smooth}: PageModel, aspect: number): void {
  byId('stage').style.setProperty('--aspect', `${aspect}`);
  for (const id of ['dense', 'reuse']) {
    const canvas = byId<HTMLCanvasElement>(id);
    Object.assign(canvas, size);
    canvas.classList.toggle('pixels', !smooth);
  }
  byId<HTMLSelectElement>('layer').replaceChildren();
}

export function show(turn: Turn, tally: Tally): void {
  const {picture, dense, reuse, report} = turn;
  drawSide('dense', picture, dense);
  drawSide('reuse', picture, reuse);
  offerLayers(report);
  drawRegion(report);
  byId('path').textContent = PATHS[report.path];
  byId('path').title = report.reason;
  showEngine(report);
  showFigures(tally, report);
  drawTimes(tally);
}

function drawSide(id: 'dense' | 'reuse', picture: Picture, {found}: Side): void {
  const shown = found.result ? withResult(picture, found.result, COLOURS[id]) : picture;
  const context = byId<HTMLCanvasElement>(id).getContext('2d')!;
  context.putImageData(imageOf(shown), 0, 0);
  byId(`${id}-found`).textContent = found.text;
}

function imageOf({height, width, values}: Picture): ImageData {
  const image = new ImageData(width, height);
  for (let from = 0, to = 0; from < values.length; from += 3, to += 4) {
    image.data[to] = values[from];
    image.data[to + 1] = values[from + 1];
    image.data[to + 2] = values[from + 2];
    image.data[to + 3] = 255;
  }
  return image;
}

/** Layers with a plane of their own, once a frame has told of them; the choice is the user's from then on. */
function offerLayers({layers}: FrameReport): void {
  const select = byId<HTMLSelectElement>('layer');
  if (select.options.length > 0) return;
  for (const {name, pixels, region} of layers) {
    if (region && pixels > 1) select.add(new Option(`${name} (${region.width} × ${region.height})`, name));
  }
}

function drawRegion({layers}: FrameReport): void {
  const chosen = byId<HTMLSelectElement>('layer').value;
  const region = layers.find(({name}) => name === chosen)?.region;
  if (!region) return;
  const canvas = byId<HTMLCanvasElement>('reuse');
  const context = canvas.getContext('2d')!;
  context.imageSmoothingEnabled = false;
  context.drawImage(tint(region), 0, 0, canvas.width, canvas.height);
}

/** A picture of the region alone, transparent elsewhere. */
function tint(region: Region): HTMLCanvasElement {
  const {height, width} = region;
  const image = new ImageData(width, height);
  for (const {y, x, length} of region.spans()) {
    for (let pixel = y * width + x; pixel < y * width + x + length; pixel++) {
      image.data.set([...COLOURS.region, 150], 4 * pixel);
    }
  }
  const canvas = Object.assign(document.createElement('canvas'), {height, width});
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  return canvas;
}

/** Who computes the layers that it has kernels for; of a frame that was left to the model, nothing is told. */
function showEngine({layers}: FrameReport): void {
  const engine = layers.find((layer) => layer.engine !== 'model')?.engine;
  if (engine) byId('engine-used').textContent = engine;
}

function showFigures(tally: Tally, {changed}: FrameReport): void {
  const {frames, denseMs, reuseMs, macsSaved, difference} = tally.figures;
  put('frames', frames, `${frames}`);
  put('difference', difference, differenceText(difference));
  put('changed', changed ?? NaN, changed === null ? '–' : percent(changed));
  if (frames === 0) return;
  put('macs-saved', macsSaved, percent(macsSaved));
  put('dense-fps', 1000 / denseMs, threeDigits(1000 / denseMs));
  put('reuse-fps', 1000 / reuseMs, threeDigits(1000 / reuseMs));
  put('dense-ms', denseMs, threeDigits(denseMs));
  put('reuse-ms', reuseMs, threeDigits(reuseMs));
  put('speed-up', denseMs / reuseMs, `${threeDigits(denseMs / reuseMs)}×`);
}

/** A figure as it is read, and, for whoever reads the page by program, as it is. */
function put(id: string, value: number, text: string): void {
  const element = byId(id);
  element.textContent = text;
  element.dataset['value'] = `${value}`;
}

function differenceText(value: number): string {
  return value === 0 || value >= 0.01 ? `${+value.toPrecision(2)}` : value.toExponential(1);
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function threeDigits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** Both sides' times as lines, the latest at the right edge; the highest is the largest of both. */
function drawTimes({dense, reuse}: Tally): void {
  const largest = Math.max(...dense, ...reuse, 1e-3);
  for (const [id, times] of [
    ['dense-times', dense],
    ['reuse-times', reuse],
  ] as const) {
    const points = times.map((ms, i) => `${120 - times.length + i},${40 - (38 * ms) / largest}`);
    byId<SVGPolylineElement>(id).setAttribute('points', points.join(' '));
  }
  byId('largest-ms').textContent = dense.length > 0 ? `${threeDigits(largest)} ms` : '';
}

/** Empties the figures; those of another run would be taken for this one's. */
export function clearFigures(): void {
  document.querySelectorAll<HTMLElement>('[data-figure]').forEach((element) => {
    element.textContent = '–';
    delete element.dataset['value'];
  });
  byId('path').textContent = '';
}

export function say(text: string, kind: 'status' | 'error' = 'status'): void {
  byId('status').textContent = kind === 'status' ? text : '';
  byId('error').textContent = kind === 'error' ? text : '';
  byId('stage').classList.toggle('failed', kind === 'error');
}
