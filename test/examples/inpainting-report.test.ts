import {lossChart} from '../../examples/inpainting/charts';
import type {Figures, Side} from '../../examples/inpainting/figures';
import {fromPng} from '../../examples/inpainting/images';
import {reportHtml} from '../../examples/inpainting/report';
import type {Restored} from '../../examples/inpainting/restore';
import {agreementLine, picturesTable, sidesTable, tableText} from '../../examples/inpainting/tables';
import {pictureOf} from './pictures';

const side = (count: number, ms: number): Side => ({
  updates: Array.from({length: count}, (_, i) => ({loss: 1 / (i + 1), ms})),
  ms,
  firstLoss: 1,
  lastLoss: 0.5,
});

const figures: Figures = {
  reuse: side(250, 100),
  dense: side(2, 650),
  denseIs: 'engine',
  speedUp: 6.5,
  recomputed: 0.104,
  lossDifference: 2e-6,
  gradientDifference: 1e-7,
};

const original = pictureOf(6, 8, 'cat & <dog>');
const restored: Restored[] = [true, false].map((isTrained) => ({
  name: original.name,
  isTrained,
  pictures: {painted: original, before: original, after: original, original},
  errors: {before: 0.1, after: 0.01, flat: 0.02},
}));

describe('the tables', () => {
  const cells = (text: string, word: string) => {
    const line = text.split('\n').find((one) => one.includes(word))!;
    return line
      .split('│')
      .map((cell) => cell.trim())
      .slice(1, -1);
  };

  it('have a row a side', () => {
    const text = tableText(sidesTable(figures));
    expect(cells(text, 'dense')).toEqual(['dense', '2', '650', '', '100.0', '1.0000', '0.5000']);
    expect(cells(text, 'reuse')).toEqual(['reuse', '250', '100', '6.5×', '10.4', '1.0000', '0.5000']);
  });

  it('say what the dense side is', () => {
    expect(sidesTable(figures).legend).toContain('the engine of reuse, each frame from scratch');
    expect(sidesTable({...figures, denseIs: 'tfjs'}).legend).toContain('plain tfjs');
  });

  it('have a row a picture', () => {
    const {rows} = picturesTable(restored);
    expect(rows).toEqual([
      [original.name, 'yes', '10.0', '20.0', '17.0'],
      [original.name, 'no', '10.0', '20.0', '17.0'],
    ]);
  });

  it('come with how well both sides agree', () => {
    expect(agreementLine(figures)).toContain('differ by 1.0e-7 of their length; over 2 updates');
    expect(agreementLine({...figures, dense: side(1, 1)})).toContain(
      'over 1 update, losses differ by at most 2.0e-6',
    );
  });
});

describe('the chart', () => {
  it('shows means of a few updates, by updates and by time', () => {
    const {hconcat} = lossChart(figures) as unknown as {
      hconcat: {layer: {data: {values: {side: string; update: number; seconds: number; loss: number}[]}}[]}[];
    };
    expect(hconcat).toHaveLength(2);
    const [dense, reuse] = hconcat[0].layer.map(({data}) => data.values);
    expect(dense).toEqual([{side: 'dense', update: 2, seconds: 1.3, loss: 0.75}]);
    expect(reuse).toHaveLength(84);
    expect(reuse[83]).toMatchObject({side: 'reuse', update: 250});
    expect(reuse[83].seconds).toBeCloseTo(25);
  });
});

describe('the report', () => {
  const html = reportHtml({
    settings: 'area <2>',
    versions: 'node 20',
    sides: sidesTable(figures),
    agreement: agreementLine(figures),
    svg: '<svg id="a"/>',
    pictures: picturesTable(restored),
    restored,
  });

  it('has each picture in four states, drawn as it is', () => {
    const sources = [...html.matchAll(/<img src="data:image\/png;base64,([^"]+)" alt="([^"]+)">/g)];
    expect(sources.map(([, , text]) => text)).toEqual(
      ['cat &amp; &lt;dog&gt;', 'cat &amp; &lt;dog&gt;, not trained with'].flatMap((name) =>
        ['painted over', 'before training', 'after training', 'original'].map((state) => `${name}: ${state}`),
      ),
    );
    for (const [, data] of sources) {
      const {height, width, values} = fromPng(Buffer.from(data, 'base64'));
      expect([height, width]).toEqual([6, 8]);
      values.forEach((value, i) =>
        expect(Math.abs(value - original.values[i])).toBeLessThan(0.5 / 255 + 1e-6),
      );
    }
  });

  it('escapes text, and refers to nothing beside it', () => {
    expect(html).toContain('area &lt;2&gt;.');
    expect(html).toContain('<svg id="a"/>');
    expect(html).not.toMatch(/<(script|link)|url\(|href=|src="(?!data:)/);
    expect(html.replace(/base64,[^"]+/g, '')).not.toMatch(/undefined|NaN/);
  });
});
