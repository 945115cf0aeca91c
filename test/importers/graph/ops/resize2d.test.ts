/** Resizes, to sizes smaller and larger. */
import type {TfGraph} from '../tf-graph';
import {specify, type Case} from './specify';

const IMAGE = [1, 6, 7, 3];

/** The image, and something behind so that there is more to a plan than another shape. */
const image = (graph: TfGraph, shape = IMAGE): string => graph.node('Relu', [graph.input('x', shape)]);

const resize =
  (op: string, size: readonly number[], alignCorners: boolean, halfPixel: boolean): Case[1] =>
  (graph) => {
    const flags = {align_corners: alignCorners, half_pixel_centers: halfPixel};
    graph.node(op, [image(graph), graph.integers(size)], flags);
  };

const SIZES = [
  [12, 14],
  [3, 4],
  [9, 10],
  [1, 1],
  [6, 7],
  [11, 5],
];
const resizes: Case[] = ['ResizeBilinear', 'ResizeNearestNeighbor'].flatMap((op) =>
  SIZES.flatMap((size): Case[] => [
    [`${op} to ${size}`, resize(op, size, false, false)],
    [`${op} to ${size}, corners aligned`, resize(op, size, true, false)],
    [`${op} to ${size}, half-pixel centres`, resize(op, size, false, true)],
  ]),
);

specify(resizes);
