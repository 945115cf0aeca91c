/** What a model found, and where it was computed, drawn over its input picture. */
import type {Region} from '../../src';
import {BONES} from './models/posenet';
import type {Box, KeyPoint, Mask, Pose, Result} from './models/task';
import type {Picture} from './pictures';

type Colour = readonly [number, number, number];

export const COLOURS = {dense: [255, 200, 0], reuse: [0, 190, 255], region: [230, 0, 120]} as const;

/** Key points less sure than this are left out. */
const LEAST_SHOWN = 0.3;

/** A copy of the picture with the result on it, in one colour. */
export function withResult(picture: Picture, result: Result, colour: Colour): Picture {
  const copy = {...picture, values: picture.values.slice()};
  if (result.kind === 'detections') result.detections.forEach(({box}) => drawBox(copy, box, colour));
  else if (result.kind === 'poses') result.poses.forEach((pose) => drawPose(copy, pose, colour));
  else tintMask(copy, result.mask, colour);
  return copy;
}

/** A copy of the picture with a region of its plane tinted, and all else paler. */
export function withRegion(picture: Picture, region: Region, colour: Colour = COLOURS.region): Picture {
  const inside = region.toMask();
  const values = picture.values.map((value) => 128 + value / 2);
  inside.forEach((isInside, pixel) => {
    if (isInside) blend(values, pixel, colour, 0.6);
  });
  return {...picture, values};
}

function tintMask(picture: Picture, mask: Mask, colour: Colour): void {
  mask.values.forEach((share, pixel) => blend(picture.values, pixel, colour, 0.6 * share));
}

function drawPose(picture: Picture, {points}: Pose, colour: Colour): void {
  const isShown = ({score}: KeyPoint) => score >= LEAST_SHOWN;
  for (const [from, to] of BONES) {
    if (isShown(points[from]) && isShown(points[to])) drawLine(picture, points[from], points[to], colour);
  }
  points.filter(isShown).forEach(({x, y}) => drawDot(picture, x, y, 2, colour));
}

function drawBox(picture: Picture, [top, left, bottom, right]: Box, colour: Colour): void {
  const corners = [
    {x: left, y: top},
    {x: right, y: top},
    {x: right, y: bottom},
    {x: left, y: bottom},
  ];
  corners.forEach((corner, i) => drawLine(picture, corner, corners[(i + 1) % 4], colour));
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Two pixels thick. */
function drawLine(picture: Picture, from: Point, to: Point, colour: Colour): void {
  const steps = Math.max(1, Math.ceil(Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y))));
  for (let i = 0; i <= steps; i++) {
    const share = i / steps;
    drawDot(picture, from.x + share * (to.x - from.x), from.y + share * (to.y - from.y), 1, colour);
  }
}

/** A square of 2 · `radius` pixels. */
function drawDot(picture: Picture, x: number, y: number, radius: number, colour: Colour): void {
  const {height, width, values} = picture;
  for (let row = Math.round(y) - radius; row < Math.round(y) + radius; row++) {
    for (let column = Math.round(x) - radius; column < Math.round(x) + radius; column++) {
      const isInside = row >= 0 && row < height && column >= 0 && column < width;
      if (isInside) values.set(colour, 3 * (row * width + column));
    }
  }
}

function blend(values: Uint8Array, pixel: number, colour: Colour, share: number): void {
  for (let c = 0; c < 3; c++) {
    const at = 3 * pixel + c;
    values[at] = Math.round((1 - share) * values[at] + share * colour[c]);
  }
}
