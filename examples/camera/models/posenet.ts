/**
 * PoseNet on MobileNetV1, several people: each starts at a key point that stands out, from which the others are found one
 * after another along the body by the displacements that the model gives for both directions.
 */
import type {CameraModel, KeyPoint, Pose} from './task';

const SIDE = 385;
const STRIDE = 16;
const CELLS = (SIDE - 1) / STRIDE + 1;

export const PARTS = [
  'nose',
  ...['Eye', 'Ear', 'Shoulder', 'Elbow', 'Wrist', 'Hip', 'Knee', 'Ankle'].flatMap((part) => [
    `left${part}`,
    `right${part}`,
  ]),
];

/** The body as a tree, from the nose on; the order is that of the displacements' channels. */
export const BONES: readonly (readonly [number, number])[] = [
  ['nose', 'leftEye'],
  ['leftEye', 'leftEar'],
  ['nose', 'rightEye'],
  ['rightEye', 'rightEar'],
  ...['left', 'right'].flatMap((side) => [
    ['nose', `${side}Shoulder`],
    [`${side}Shoulder`, `${side}Elbow`],
    [`${side}Elbow`, `${side}Wrist`],
    [`${side}Shoulder`, `${side}Hip`],
    [`${side}Hip`, `${side}Knee`],
    [`${side}Knee`, `${side}Ankle`],
  ]),
].map(([from, to]) => [PARTS.indexOf(from), PARTS.indexOf(to)]);

/** A key point that a pose may start at. */
const LEAST_START = 0.5;

/** A pose that counts. */
const LEAST_POSE = 0.25;

/** Pixels within which two key points of a part are one. */
const SAME_POINT = 16;

export const posenet: CameraModel = {
  name: 'posenet',
  finds: 'poses',
  size: {height: SIDE, width: SIDE},
  shape: [1, SIDE, SIDE, 3],
  greyLevel: 1 / 127.5,
  outputs: [
    'MobilenetV1/heatmap_2/BiasAdd:0',
    'MobilenetV1/offset_2/BiasAdd:0',
    'MobilenetV1/displacement_fwd_2/BiasAdd:0',
    'MobilenetV1/displacement_bwd_2/BiasAdd:0',
  ],
  encode: ({values}) => Float32Array.from(values, (level) => level / 127.5 - 1),
  decode: ([heat, offsets, forwards, backwards]) => ({
    kind: 'poses',
    poses: posesOf({scores: heat.map(sigmoid), offsets, forwards, backwards}),
  }),
};

/** The outputs, for each cell: a score a part; then y of all parts or bones, and x of all of them, in pixels. */
interface Maps {
  readonly scores: Float32Array;
  readonly offsets: Float32Array;
  readonly forwards: Float32Array;
  readonly backwards: Float32Array;
}

function posesOf(maps: Maps): Pose[] {
  const poses: Pose[] = [];
  const known = (point: KeyPoint) => poses.some(({points}) => isNear(points[point.part], point));
  for (const start of startsOf(maps)) {
    if (known(start)) continue;
    const points = grow(maps, start);
    // What another person's pose has already does not speak for this one.
    const scores = points.map((point) => (known(point) ? 0 : point.score));
    const score = scores.reduce((sum, one) => sum + one, 0) / PARTS.length;
    if (score >= LEAST_POSE) poses.push({score, points});
  }
  return poses.sort((a, b) => b.score - a.score);
}

/** Key points whose score no cell around them surpasses, the surest first. */
function startsOf(maps: Maps): KeyPoint[] {
  const starts: KeyPoint[] = [];
  for (let cell = 0; cell < CELLS * CELLS; cell++) {
    for (let part = 0; part < PARTS.length; part++) {
      const score = maps.scores[cell * PARTS.length + part];
      if (score < LEAST_START) continue;
      const around = cellsAround(cell).map((other) => maps.scores[other * PARTS.length + part]);
      if (score >= Math.max(...around)) starts.push(pointAt(maps, part, cell));
    }
  }
  return starts.sort((a, b) => b.score - a.score);
}

/** A pose's points, in the order of parts: from one along every bone, to and from the nose. */
function grow(maps: Maps, start: KeyPoint): KeyPoint[] {
  const points: KeyPoint[] = [];
  const visit = (point: KeyPoint) => {
    points[point.part] = point;
    BONES.forEach(([from, to], bone) => {
      if (from === point.part && !points[to]) visit(follow(maps, maps.forwards, bone, point, to));
      if (to === point.part && !points[from]) visit(follow(maps, maps.backwards, bone, point, from));
    });
  };
  visit(start);
  return points;
}

function follow(
  maps: Maps,
  displacements: Float32Array,
  bone: number,
  from: KeyPoint,
  part: number,
): KeyPoint {
  const at = cellOf(from) * 2 * BONES.length + bone;
  const target = {y: from.y + displacements[at], x: from.x + displacements[at + BONES.length]};
  return pointAt(maps, part, cellOf(target));
}

function pointAt({scores, offsets}: Maps, part: number, cell: number): KeyPoint {
  const at = cell * 2 * PARTS.length + part;
  return {
    y: Math.floor(cell / CELLS) * STRIDE + offsets[at],
    x: (cell % CELLS) * STRIDE + offsets[at + PARTS.length],
    score: scores[cell * PARTS.length + part],
    part,
  };
}

function cellOf({y, x}: {y: number; x: number}): number {
  const [row, column] = [y, x].map((at) => Math.max(0, Math.min(CELLS - 1, Math.round(at / STRIDE))));
  return row * CELLS + column;
}

function cellsAround(cell: number): number[] {
  const [row, column] = [Math.floor(cell / CELLS), cell % CELLS];
  const near = (at: number) => [at - 1, at, at + 1].filter((one) => one >= 0 && one < CELLS);
  return near(row).flatMap((y) => near(column).map((x) => y * CELLS + x));
}

function isNear(a: KeyPoint, b: KeyPoint): boolean {
  return Math.hypot(a.x - b.x, a.y - b.y) <= SAME_POINT;
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
