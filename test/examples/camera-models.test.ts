import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import {agreementOf, ofValues} from '../../examples/camera/agree';
import {loadModel} from '../../examples/camera/load-model';
import {modelNamed, MODELS} from '../../examples/camera/models';
import {intersectionOverUnion, suppress} from '../../examples/camera/models/boxes';
import {BONES, PARTS} from '../../examples/camera/models/posenet';
import type {Box, CameraModel, Detection, Result} from '../../examples/camera/models/task';
import {tinyModelFile} from './graph-models';

const [posenet, centernet, nanodet, selfie, meet] = MODELS;

function decodeAs<K extends Result['kind']>(task: CameraModel, kind: K, ...outputs: Float32Array[]) {
  const result = task.decode(outputs);
  expect(result.kind).toBe(kind);
  return result as Extract<Result, {kind: K}>;
}

describe('boxes', () => {
  const box = (top: number, left: number): Box => [top, left, top + 10, left + 20];
  const detection = (at: Box, score: number, index = 0): Detection => ({box: at, score, class: index});

  it('overlap by what both cover, over what either covers', () => {
    expect(intersectionOverUnion(box(0, 0), box(0, 0))).toBe(1);
    expect(intersectionOverUnion(box(0, 0), box(0, 10))).toBeCloseTo(100 / 300);
    expect(intersectionOverUnion(box(0, 0), box(5, 10))).toBeCloseTo(50 / 350);
    expect(intersectionOverUnion(box(0, 0), box(10, 0))).toBe(0);
    expect(intersectionOverUnion(box(0, 0), [3, 3, 3, 3])).toBe(0);
  });

  it('that overlap are suppressed but for the surest, class by class', () => {
    const [sure, near, other, far] = [
      detection(box(0, 0), 0.9),
      detection(box(0, 2), 0.7),
      detection(box(0, 2), 0.8, 1),
      detection(box(50, 0), 0.4),
    ];
    expect(suppress([far, near, other, sure])).toEqual([sure, other, far]);
  });
});

describe('every model', () => {
  it.each(MODELS)('$name takes bytes of its size, and gives a grey level its step', (task) => {
    const {height, width} = task.size;
    const grey = (level: number) =>
      task.encode({height, width, values: new Uint8Array(3 * height * width).fill(level)});
    const [low, high] = [grey(100), grey(101)];
    expect(low).toHaveLength(task.shape.reduce((product, size) => product * size, 1));
    expect(Math.max(...[0, low.length >> 1, low.length - 1].map((at) => high[at] - low[at]))).toBeCloseTo(
      task.greyLevel,
      3,
    );
  });

  it('is found by its name', () => {
    MODELS.forEach((task) => expect(modelNamed(task.name)).toBe(task));
    expect(() => modelNamed('yolo')).toThrow("There is no model 'yolo'. There are: posenet, centernet");
  });
});

describe('centernet', () => {
  it('gives rows as detections, the unsure left out', () => {
    const rows = Float32Array.from([10, 20, 40, 80, 0.75, 2, 11, 20, 40, 80, 0.5, 2, 0, 0, 9, 9, 0.25, 0]);
    const {detections} = decodeAs(centernet, 'detections', rows);
    expect(detections).toEqual([{box: [20, 10, 80, 40], score: 0.75, class: 2}]);
  });
});

describe('nanodet', () => {
  const grids = () =>
    [52, 26, 13].flatMap((cells) => [new Float32Array(cells ** 2 * 80), new Float32Array(cells ** 2 * 44)]);

  it('puts a box around the middle of a cell, as far as the distributions expect', () => {
    const outputs = grids();
    const cell = 3 * 26 + 5;
    outputs[2][cell * 80 + 7] = 0.8;
    // Left 2 cells, top between 3 and 4, right 0, bottom 10: sure of it, or torn between two.
    const sides: [number, number][] = [
      [2, 2],
      [3, 4],
      [0, 0],
      [10, 10],
    ];
    sides.forEach((bins, side) => bins.forEach((bin) => (outputs[3][(cell * 4 + side) * 11 + bin] = 40)));
    const {detections} = decodeAs(nanodet, 'detections', ...outputs);
    expect(detections).toHaveLength(1);
    const [{box, score, class: index}] = detections;
    const [y, x] = [(3 + 0.5) * 16, (5 + 0.5) * 16];
    [y - 3.5 * 16, x - 2 * 16, y + 10 * 16, x].forEach((side, i) => expect(box[i]).toBeCloseTo(side, 3));
    expect([score, index]).toEqual([Math.fround(0.8), 7]);
  });

  it('expects the middle where a distribution says nothing', () => {
    const outputs = grids();
    outputs[4][6 * 13 * 80 + 6 * 80] = 0.9;
    const {detections} = decodeAs(nanodet, 'detections', ...outputs);
    expect(detections.map(({box}) => box)).toEqual([[48, 48, 368, 368]]);
  });

  it('takes planes, blue first', () => {
    const values = new Uint8Array(3 * 416 * 416);
    values.set([255, 0, 0]);
    const input = nanodet.encode({height: 416, width: 416, values});
    const [blue, red] = [input.subarray(0, 416 * 416), input.subarray(2 * 416 * 416)];
    expect(red[0] - red[1]).toBeCloseTo(255 / 58.395, 4);
    expect(blue[0]).toBe(blue[1]);
  });
});

describe('posenet', () => {
  const CELLS = 25;
  const empty = () => ({
    heat: new Float32Array(CELLS ** 2 * 17).fill(-9),
    offsets: new Float32Array(CELLS ** 2 * 34),
    forwards: new Float32Array(CELLS ** 2 * 32),
    backwards: new Float32Array(CELLS ** 2 * 32),
  });
  type Maps = ReturnType<typeof empty>;
  const cellOf = (y: number, x: number) => Math.round(y / 16) * CELLS + Math.round(x / 16);

  /** A person of whom each part lies somewhere else: what the model would say of it. */
  function addPerson({heat, offsets, forwards, backwards}: Maps, top: number, left: number, logit: number) {
    const places = PARTS.map((_, part) => ({y: top + 7 * part, x: left + 40 * (part % 2) + part}));
    places.forEach(({y, x}, part) => {
      const cell = cellOf(y, x);
      heat[cell * 17 + part] = logit;
      offsets[cell * 34 + part] = y - 16 * Math.round(y / 16);
      offsets[cell * 34 + 17 + part] = x - 16 * Math.round(x / 16);
    });
    BONES.forEach(([from, to], bone) => {
      const [a, b] = [places[from], places[to]];
      const [ahead, back] = [cellOf(a.y, a.x) * 32 + bone, cellOf(b.y, b.x) * 32 + bone];
      [forwards[ahead], forwards[ahead + 16]] = [b.y - a.y, b.x - a.x];
      [backwards[back], backwards[back + 16]] = [a.y - b.y, a.x - b.x];
    });
    return places;
  }
  const posesIn = ({heat, offsets, forwards, backwards}: Maps) =>
    decodeAs(posenet, 'poses', heat, offsets, forwards, backwards).poses;

  it('finds nobody where no key point stands out', () => {
    expect(posesIn(empty())).toEqual([]);
  });

  it('finds every part of two people, the surer one first', () => {
    const maps = empty();
    const people = [addPerson(maps, 60, 200, 1), addPerson(maps, 170, 40, 3)];
    const poses = posesIn(maps);
    expect(poses).toHaveLength(2);
    [people[1], people[0]].forEach((places, i) => {
      expect(poses[i].points.map(({part}) => part)).toEqual(PARTS.map((_, part) => part));
      poses[i].points.forEach(({y, x}, part) => {
        expect(y).toBeCloseTo(places[part].y, 3);
        expect(x).toBeCloseTo(places[part].x, 3);
      });
    });
    expect(poses[0].score).toBeCloseTo(1 / (1 + Math.exp(-3)), 5);
  });

  it('has a body that hangs together: each part but the nose by one bone', () => {
    expect(PARTS).toHaveLength(17);
    expect(BONES.map(([, to]) => PARTS[to]).sort()).toEqual(PARTS.slice(1).sort());
  });
});

describe('masks', () => {
  it('of selfie are its output', () => {
    const values = new Float32Array(256 * 256).fill(0.25);
    expect(decodeAs(selfie, 'mask', values).mask).toEqual({height: 256, width: 256, values});
  });

  it('of meet are the share of the second class', () => {
    const logits = new Float32Array(144 * 256 * 2);
    logits.set([0, 0, 3, 1, 1, 3]);
    const {values} = decodeAs(meet, 'mask', logits).mask;
    expect(values).toHaveLength(144 * 256);
    [0.5, 1 / (1 + Math.exp(2)), 1 / (1 + Math.exp(-2))].forEach((share, i) =>
      expect(values[i]).toBeCloseTo(share, 6),
    );
  });
});

describe('agreement', () => {
  beforeAll(() => tf.setBackend('cpu'));

  const pose = (...points: readonly (readonly [x: number, part: number])[]): CameraModel => ({
    ...posenet,
    decode: ([shift]) => ({
      kind: 'poses',
      poses: [{score: 1, points: points.map(([x, part]) => ({y: 50, x: x + shift[0], score: 0.9, part}))}],
    }),
  });
  const shifted = (task: CameraModel, by: number) =>
    ofValues(agreementOf(task))([Float32Array.of(by)], [Float32Array.of(0)]);

  it('of poses is the share of key points that stayed within 8 pixels', () => {
    const two = pose([100, 0], [200, 1]);
    expect(shifted(two, 0)).toBe(1);
    expect(shifted(two, 7)).toBe(1);
    expect(shifted(two, 9)).toBe(0);
    // A part is not taken for another one.
    expect(shifted(pose([100, 0], [108, 1]), 8)).toBe(1);
    expect(shifted(pose([100, 0], [120, 1]), 20)).toBe(0);
  });

  it('of detections counts boxes of a class that overlap by half', () => {
    const row = (left: number) => [left, 0, left + 30, 60, 0.9, 0];
    const measure = ofValues(agreementOf(centernet));
    const values = (...lefts: number[]) => [Float32Array.from(lefts.flatMap(row))];
    expect(measure(values(0, 100), values(5, 100))).toBe(1);
    expect(measure(values(0), values(5, 100))).toBeCloseTo(2 / 3);
    expect(measure(values(0), values(100))).toBe(0);
  });

  it('of masks is how they overlap', () => {
    const mask = (inside: number) => [new Float32Array(256 * 256).fill(1, 0, inside)];
    expect(ofValues(agreementOf(selfie))(mask(100), mask(300))).toBeCloseTo(1 / 3);
  });
});

describe('loading', () => {
  const folder = mkdtempSync(join(tmpdir(), 'camera-models-'));
  afterAll(() => rmSync(folder, {recursive: true}));

  it('reads a model from its files', async () => {
    const {json, weights} = tinyModelFile();
    writeFileSync(join(folder, 'tiny.json'), JSON.stringify(json));
    writeFileSync(join(folder, 'tiny.bin'), weights);
    await tf.setBackend('cpu');
    const model = await loadModel('tiny', folder);
    expect(model.inputs.map(({name, shape}) => [name, shape])).toEqual([['x', [1, 16, 24, 3]]]);
    const output = model.execute(tf.zeros([1, 16, 24, 3])) as tf.Tensor;
    expect(output.shape).toEqual([1, 16, 24, 1]);
    output.dispose();
    model.dispose();
  });

  it('says how to install the models where there are none, and which one is missing', async () => {
    await expect(loadModel('posenet', join(folder, 'none'))).rejects.toThrow('Install them: npm run models');
    await expect(loadModel('yolo', folder)).rejects.toThrow(`There is no model yolo in ${folder}.`);
  });
});
