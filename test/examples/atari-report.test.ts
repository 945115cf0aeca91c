import {pixelsChart, timesChart} from '../../examples/atari/charts';
import {COLUMNS} from '../../examples/atari/columns';
import {mean, median, overall, withRatios, type Figures, type Measured} from '../../examples/atari/figures';
import {reportHtml} from '../../examples/atari/report';
import {tableText} from '../../examples/atari/table';

const measured: Measured = {
  changed: 0.0123,
  rectangle: 0.25,
  recomputed: 0.1,
  denseMs: 8,
  reuseMs: 2,
  denseMedianMs: 7,
  reuseMedianMs: 1,
  denseMacs: 1000,
  affectedMacs: 125,
  difference: 3e-7,
};
const figures = (name: string, changes: Partial<Measured> = {}): Figures =>
  withRatios({name, ...measured, ...changes});
const games = [
  figures('Alien'),
  figures('Pong', {denseMs: 4, reuseMs: 4, affectedMacs: 375, difference: 5e-6}),
];

describe('figures', () => {
  it('have speed-up, ideal and efficiency', () => {
    expect(games[0]).toMatchObject({speedUp: 4, ideal: 8, efficiency: 0.5});
  });

  it('are averaged over games, ratios as ratios of the means', () => {
    const all = overall(games);
    expect(all).toMatchObject({
      name: 'Mean',
      denseMs: 6,
      reuseMs: 3,
      speedUp: 2,
      affectedMacs: 250,
      ideal: 4,
    });
    expect(all).toMatchObject({efficiency: 0.5, difference: 5e-6, rectangle: 0.25});
  });

  it('have means and medians', () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(median([6, 1, 2])).toBe(2);
    expect(median([6, 1, 2, 10])).toBe(4);
  });
});

describe('the table', () => {
  const lines = tableText(games, overall(games)).split('\n');

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
      '25.0',
      '10.0',
      '8.00',
      '2.00',
      '4.0×',
      '8.0×',
      '50',
      '3.0e-7',
    ]);
  });

  it('leaves open the ideal of a game that stands still', () => {
    const still = figures('Still', {affectedMacs: 0});
    expect(COLUMNS.map(({text}) => text(still)).slice(-3, -1)).toEqual(['–', '–']);
  });
});

describe('the report', () => {
  const html = reportHtml({
    settings: 'steps <2>',
    versions: 'node 20',
    games,
    overall: overall(games),
    svgs: ['<svg id="one"></svg>', '<svg id="two"></svg>'],
  });

  it('has the charts as they are, and a row a game and one for the mean', () => {
    expect(html).toContain('<svg id="one"></svg>');
    expect(html).toContain('<svg id="two"></svg>');
    const names = [...html.matchAll(/<tr><td>(\w+)<\/td>/g)].map(([, name]) => name);
    expect(names).toEqual(['Alien', 'Pong', 'Mean']);
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
