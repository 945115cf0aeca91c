import {Region} from '../../src';
import {agreementChart, layersChart, timesChart} from '../../examples/camera/charts';
import type {Snapshot} from '../../examples/camera/compare';
import {summarize, type FrameFigures} from '../../examples/camera/figures';
import type {Result} from '../../examples/camera/models/task';
import {COLOURS, withRegion, withResult} from '../../examples/camera/overlay';
import {fromFile, type Picture} from '../../examples/camera/pictures';
import {reportHtml, reportPictures} from '../../examples/camera/report';
import {clipLine, sidesTable} from '../../examples/camera/tables';
import {tableText} from '../../examples/inpainting/tables';

const frame = (at: number, changes: Partial<FrameFigures> = {}): FrameFigures => ({
  frame: at,
  denseMs: 80,
  reuseMs: 20,
  path: 'incremental',
  changed: 0.02,
  computed: 0.25,
  affected: 0.25,
  distance: 0.01,
  agreement: 1,
  steadiness: 0.8,
  denseFound: 3,
  reuseFound: 3,
  ...changes,
});
const layers = [{name: 'conv', op: 'conv2d', affected: 0.5, computed: 0.5, changed: 0.25, denseMacs: 100}];
const frames = [
  frame(1),
  frame(2, {denseMs: 120, reuseMs: 30, agreement: 0.5, path: 'prime'}),
  frame(3, {denseMs: 100, reuseMs: 25, reuseFound: 0}),
];
const figures = summarize(frames, layers);

const picture: Picture = {height: 20, width: 30, values: new Uint8Array(1800).fill(100)};
const pixel = ({values, width}: Picture, y: number, x: number) => [
  ...values.subarray(3 * (y * width + x)).slice(0, 3),
];
const boxed: Result = {kind: 'detections', detections: [{box: [4, 5, 15, 25], score: 0.9, class: 0}]};

describe('the figures', () => {
  it('are means over frames, the speed-up a ratio of means', () => {
    expect(figures).toMatchObject({denseMs: 100, reuseMs: 25, speedUp: 4, denseFound: 3, reuseFound: 2});
    expect(figures).toMatchObject({leastAgreement: 0.5, paths: {incremental: 2, prime: 1}});
    expect(figures.agreement).toBeCloseTo(2.5 / 3);
  });
});

describe('the table', () => {
  it('has a row a side', () => {
    const {rows, legend} = sidesTable(figures);
    expect(rows).toEqual([
      ['dense', '100.0', '100.0', '', '100.0', '3.0', '', '', ''],
      ['reuse', '25.0', '25.0', '4.0×', '25.0', '2.0', '0.833', '0.500', '1.0e-2'],
    ]);
    expect(legend).toContain('Agreement');
    expect(tableText(sidesTable(figures))).toMatch(/│ reuse │ +25.0 │/);
  });

  it('comes with what it is to be held against', () => {
    const line = clipLine(figures);
    expect(line).toContain("2.0 % of the input's pixels change, which reach 25.0 % of the multiply-adds");
    expect(line).toContain('agree by 0.800. Of 3 frames with reuse: 2 incremental, 1 prime.');
  });
});

describe('the charts', () => {
  const valuesOf = (chart: object) => (chart as {data: {values: Record<string, unknown>[]}}).data.values;

  it('have a value a side and frame', () => {
    expect(valuesOf(timesChart(figures))).toEqual([
      {line: 'dense', frame: 1, value: 80},
      {line: 'dense', frame: 2, value: 120},
      {line: 'dense', frame: 3, value: 100},
      {line: 'reuse', frame: 1, value: 20},
      {line: 'reuse', frame: 2, value: 30},
      {line: 'reuse', frame: 3, value: 25},
    ]);
    expect(valuesOf(agreementChart(figures)).map(({value}) => value)).toEqual([0.8, 0.8, 0.8, 1, 0.5, 1]);
  });

  it('have two bars a layer', () => {
    expect(valuesOf(layersChart(layers)).map(({what, share}) => [what, share])).toEqual([
      ['reached', 50],
      ['came out another', 25],
    ]);
  });
});

describe('an overlay', () => {
  it('draws a box along its sides, on a copy', () => {
    const drawn = withResult(picture, boxed, COLOURS.reuse);
    for (const [y, x] of [
      [4, 5],
      [4, 25],
      [15, 25],
      [10, 5],
    ])
      expect(pixel(drawn, y, x)).toEqual([...COLOURS.reuse]);
    expect(pixel(drawn, 10, 15)).toEqual([100, 100, 100]);
    expect(new Set(picture.values)).toEqual(new Set([100]));
  });

  it('keeps within the picture', () => {
    const outside: Result = {kind: 'detections', detections: [{box: [-9, -9, 99, 99], score: 0.9, class: 0}]};
    expect(new Set(withResult(picture, outside, COLOURS.dense).values)).toEqual(new Set([100]));
  });

  it('draws the bones and key points that are sure', () => {
    const points = Array.from({length: 17}, (_, part) => ({
      y: 10,
      x: 2 + part,
      score: part < 2 ? 0.9 : 0.1,
      part,
    }));
    const drawn = withResult(picture, {kind: 'poses', poses: [{score: 0.5, points}]}, COLOURS.dense);
    expect(pixel(drawn, 10, 2)).toEqual([...COLOURS.dense]);
    expect(pixel(drawn, 10, 18)).toEqual([100, 100, 100]);
  });

  it('tints a mask and a region', () => {
    const values = new Float32Array(600);
    values[31] = 1;
    const masked = withResult(picture, {kind: 'mask', mask: {...picture, values}}, [0, 0, 200]);
    expect([pixel(masked, 1, 1), pixel(masked, 1, 2)]).toEqual([
      [40, 40, 160],
      [100, 100, 100],
    ]);
    const region = Region.fromRects(20, 30, [{y: 1, x: 1, height: 1, width: 1}]);
    const tinted = withRegion(picture, region, [0, 0, 200]);
    expect([pixel(tinted, 1, 1), pixel(tinted, 1, 2)]).toEqual([
      [71, 71, 191],
      [178, 178, 178],
    ]);
  });
});

describe('the report', () => {
  const snapshots: Snapshot[] = [7, 40].map((at) => ({
    frame: at,
    picture,
    dense: boxed,
    reuse: {kind: 'detections', detections: []},
    changed: Region.full(20, 30),
  }));
  const html = reportHtml({
    settings: 'clip <a>',
    versions: 'node 20',
    table: sidesTable(figures),
    clip: clipLine(figures),
    svgs: ['<svg id="a"/>'],
    snapshots,
  });
  const pictures = reportPictures(snapshots);

  it('shows each frame in three views, which lie beside it', () => {
    const sources = [...html.matchAll(/<img src="([^"]+)"/g)].map(([, source]) => source);
    expect(sources).toEqual([...pictures.keys()]);
    expect(sources.slice(0, 3)).toEqual(
      ['dense', 'reuse', 'changed'].map((view) => `frame-0007-${view}.png`),
    );
    for (const file of pictures.values()) expect(fromFile(file)).toMatchObject({height: 20, width: 30});
    expect(fromFile(pictures.get('frame-0007-reuse.png')!).values).toEqual(picture.values);
  });

  it('escapes text, and has its charts', () => {
    expect(html).toContain('clip &lt;a&gt;.');
    expect(html).toContain('<svg id="a"/>');
    expect(html).not.toMatch(/<(script|link)|undefined|NaN/);
  });
});
