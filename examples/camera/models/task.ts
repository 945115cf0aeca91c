/** What a model of this example is, and what comes of its outputs: plain data in pixels of the model's input. */
import type {Picture} from '../pictures';
import type {Size} from '../resize';

export type Box = readonly [top: number, left: number, bottom: number, right: number];

export interface Detection {
  readonly box: Box;
  /** 0 to 1. */
  readonly score: number;
  /** Index into COCO's 80 classes; 0 is a person. */
  readonly class: number;
}

export interface KeyPoint {
  readonly x: number;
  readonly y: number;
  /** 0 to 1. */
  readonly score: number;
  /** Index into PARTS of posenet. */
  readonly part: number;
}

export interface Pose {
  /** Mean over its key points. */
  readonly score: number;
  /** One for each part, in their order. */
  readonly points: readonly KeyPoint[];
}

export interface Mask extends Size {
  /** How sure it is that a pixel shows a person, 0 to 1, row by row. */
  readonly values: Float32Array;
}

export type Result =
  | {readonly kind: 'detections'; readonly detections: readonly Detection[]}
  | {readonly kind: 'poses'; readonly poses: readonly Pose[]}
  | {readonly kind: 'mask'; readonly mask: Mask};

export interface CameraModel {
  /** Of the model's file, and on the command line. */
  readonly name: string;
  readonly finds: Result['kind'];
  readonly size: Size;
  /** Of the input tensor, with its batch axis. */
  readonly shape: readonly number[];
  /** What one of 255 grey levels is at the input: the largest of any channel. */
  readonly greyLevel: number;
  /** The outputs to ask for, in the order `decode` takes them. */
  readonly outputs: readonly string[];
  /** The input tensor's values for a picture of the model's size. */
  encode(picture: Picture): Float32Array;
  decode(outputs: readonly Float32Array[]): Result;
}
