import type {Backend} from '../../examples/atari/backend';
import {pixelsChart, timesChart} from '../../examples/atari/charts';
import {columnsFor} from '../../examples/atari/columns';
import {mean, median, overall, withSpeedUp, type Figures, type Measured} from '../../examples/atari/figures';
import {reportHtml} from '../../examples/atari/report';
import {tableOf} from '../../examples/atari/table';

const measured: Measured = {
  changed: 0.0123,
  rectangle: 0.25,
  recomputed: 0.1,
  denseMs: 8,
  reuseMs: 2,
  denseMedianMs: 7,
  reuseMedianMs: 1,
  fullMs: 5,
  peerMs: {'tfjs-node': 6, 'onnxruntime-node': 3},
  denseMacs: 1000,
  affectedMacs: 125,
  difference: 3e-7,
};
const figures = (name: string, changes: Partial<Measured> = {}): Figures =>
  withSpeedUp({name, ...measured, ...changes});
const games = [
  figures('Alien'),
  figures('Pong', {
    denseMs: 4,
    reuseMs: 4,
    affectedMacs: 375,
    difference: 5e-6,
    peerMs: {'tfjs-node': 4, 'onnxruntime-node': 5},
  }),
];
const all = overall(games);
const columns = columnsFor('wasm', all);

describe('figures', () => {
  it('are averaged over games, the speed-up as the ratio of the means', () => {
    expect(games[0].speedUp).toBe(4);
    expect(all).toMatchObject({name: 'Mean', denseMs: 6, reuseMs: 3, speedUp: 2, affectedMacs: 250});
    expect(all).toMatchObject({difference: 5e-6, rectangle: 0.25, fullMs: 5});
    expect(all.peerMs).toEqual({'tfjs-node': 5, 'onnxruntime-node': 4});
  });

  it('have means and medians', () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(median([6, 1, 2])).toBe(2);
    expect(median([6, 1, 2, 10])).toBe(4);
  });
});

describe('the table', () => {
  const lines = tableOf(columns, games, all).split('\n');

  it('has a row a game and one for the mean, in plain text', () => {
    const names = lines.map((line) => /^│ (\w+)/.exec(line)?.[1]).filter(Boolean);
    expect(names).toEqual(['Game', 'Alien', 'Pong', 'Mean']);
    expect(lines.join('')).not.toContain('\u001b');
  });

  it('has all figures of a game', () => {
    const cells = lines
      .find((line) => line.includes('Alien'))!
      .split('│')
      .map((cell) => cell.trim());
    expect(cells.slice(1, -1)).toEqual([
      'Alien',
      '1.23',
      '90.0',
      '8.00',
      '2.00',
      '4.0×',
      '6.00',
      '3.00',
      '3.0e-7',
    ]);
  });

  it('says whose times they are, and has no columns of peers that took no part', () => {
    const titles = (backend: Backend, peerMs: Figures['peerMs']) =>
      columnsFor(backend, {peerMs})
        .map(({title}) => title)
        .filter((title) => title.endsWith(' ms'));
    expect(titles('wasm', all.peerMs)).toEqual(['tfjs wasm ms', 'Reuse ms', 'tfjs-node ms', 'ONNX ms']);
    expect(titles('cpu', {'onnxruntime-node': 1})).toEqual(['tfjs cpu ms', 'Reuse ms', 'ONNX ms']);
    expect(titles('tensorflow', {})).toEqual(['tfjs-node ms', 'Reuse ms']);
  });
});

describe('the report', () => {
  const html = reportHtml({
    settings: 'steps <2>',
    versions: 'node 20',
    conclusions: {details: ['Why.', 'How.'], sentence: 'Faster & better.', slower: 'But in Pong.'},
    columns,
    games,
    overall: all,
    svgs: ['<svg id="one"></svg>', '<svg id="two"></svg>'],
  });

  it('has the charts as they are, and a row a game and one for the mean', () => {
    expect(html).toContain('<svg id="one"></svg>');
    expect(html).toContain('<svg id="two"></svg>');
    const names = [...html.matchAll(/<tr><td>(\w+)<\/td>/g)].map(([, name]) => name);
    expect(names).toEqual(['Alien', 'Pong', 'Mean']);
  });

  it('begins with what came out', () => {
    expect(html).toContain('<strong>Faster &amp; better.</strong> But in Pong.</p>\n<p>Why. How.</p>');
  });

  it('escapes text, and refers to nothing beside it', () => {
    expect(html).toContain('steps &lt;2&gt;');
    expect(html).not.toMatch(/<(script|link|img)|url\(|src=|href=/);
  });
});

describe('the charts', () => {
  const valuesOf = (spec: {data?: unknown}) => (spec.data as {values: unknown[]}).values;

  it('show a pair of bars a game', () => {
    expect(valuesOf(timesChart(games))).toEqual([
      {game: 'Alien', side: 'dense', ms: 8},
      {game: 'Alien', side: 'reuse', ms: 2},
      {game: 'Pong', side: 'dense', ms: 4},
      {game: 'Pong', side: 'reuse', ms: 4},
    ]);
  });

  it('show a point a game, in per cent', () => {
    expect(valuesOf(pixelsChart(games))).toEqual([
      {game: 'Alien', changed: 1.23, rectangle: 25},
      {game: 'Pong', changed: 1.23, rectangle: 25},
    ]);
  });
});
