/** Images that a node moves as they are: padded, resized, cut. */
import type {Op} from '../../graph';
import {emit, viewAt, viewLike, type NodeUse} from './use';
import {planShape, valueOf, type View} from './view';

/** A view of three axes behind the batch, as rows, columns and channels of the plan. */
export interface Image {
  readonly view: View;
  readonly value: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

export function imageAt(use: NodeUse): Image | null {
  const view = viewAt(use);
  if (!view || view.shape.length !== 4) return null;
  const value = valueOf(use.graph, view);
  if (value === null) return null;
  const [, height, width, channels] = planShape(view);
  return {view, value, height, width, channels};
}

export function moved(use: NodeUse, {view, value}: Image, op: Op): View[] {
  return [viewLike(use, emit(use, op, [value]), view)];
}
