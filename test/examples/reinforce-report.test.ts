import {episodesChart, learningChart} from '../../examples/reinforce/charts';
import type {LiveFigures} from '../../examples/reinforce/live/compare';
import {tableOf} from '../../examples/atari/table';
import {liveLines} from '../../examples/reinforce/live/lines';
import {columnsFor, legendFor, noteOn} from '../../examples/reinforce/recorded/columns';
import {overall, withRatios, type Figures, type Measured} from '../../examples/reinforce/recorded/figures';
import {reportHtml} from '../../examples/reinforce/report';

const measured: Measured = {
  frames: 300,
  changed: 0.0123,
  rectangle: 0.25,
  forwardMs: 10,
  backwardMs: 20,
  denseForwardMs: 100,
  denseBackwardMs: 290,
  updateMs: 10,
  plainMs: 1000,
  denseMacs: 800,
  affectedMacs: 40,
  bytes: 2e6,
  denseBytes: 120e6,
  difference: 1e-7,
};
const figures = (name: string, changes: Partial<Measured> = {}): Figures =>
  withRatios({name, ...measured, ...changes});
const games = [figures('Alien'), figures('Pong', {denseBackwardMs: 90, difference: 3e-7})];
const withoutPlain = games.map((game) => withRatios({...game, plainMs: null}));

const update = (reward: number) => ({loss: 1, reward, ms: 20, bytes: 3e6});
const live: LiveFigures = {
  reuse: {updates: [update(-2), update(1)], firstReward: -2, lastReward: 1, ms: 20, bytes: 3e6},
  dense: {updates: [update(-2)], firstReward: -2, lastReward: -2, ms: 400, bytes: 1e6},
  denseIs: 'tfjs',
  agreed: 1,
  difference: 2e-6,
};

describe('figures', () => {
  it('have ratios, and means of them as ratios of the means', () => {
    expect(games[0]).toMatchObject({reuseMs: 40, denseMs: 400, speedUp: 10, plainSpeedUp: 25, ideal: 20});
    expect(games[0].efficiency).toBe(0.5);
    expect(overall(games)).toMatchObject({name: 'Mean', denseMs: 300, speedUp: 7.5, difference: 3e-7});
    expect(overall(withoutPlain)).toMatchObject({plainMs: null, plainSpeedUp: null});
  });
});

describe('the table', () => {
  const cellsOf = (all: Figures[]) => {
    const mean = overall(all);
    const lines = tableOf(columnsFor(mean), all, mean).split('\n');
    const line = lines.find((one) => one.includes('Alien'))!;
    return line.split('│').map((cell) => cell.trim());
  };
  const common = 'Alien 1.23 25.0 400 40.0 10.0 20.0 10.0 10.0× 20.0× 50 120.0 2.0 1.0e-7';

  it('has all figures of a game', () => {
    expect(cellsOf(games).slice(1, -1).join(' ')).toBe(`${common} 1000 25.0×`);
  });

  it('leaves out plain tfjs where its backend cannot train', () => {
    expect(cellsOf(withoutPlain).slice(1, -1).join(' ')).toBe(common);
    expect(legendFor(overall(withoutPlain))).not.toContain('tfjs');
    expect(legendFor(overall(games))).toContain('tf.variableGrads');
  });

  it('says which rewards are made up', () => {
    expect(noteOn([{name: 'Pong', madeUp: 0}])).toBe('Actions and rewards are the recorded ones.');
    expect(
      noteOn([
        {name: 'Pong', madeUp: 0},
        {name: 'Freeway', madeUp: 1},
      ]),
    ).toContain('(Freeway)');
  });
});

describe('the lines on the live game', () => {
  it('say what was learnt, how long it took and whether both agree', () => {
    const text = liveLines(live).join('\n');
    expect(text).toContain(
      'With reuse: rewards of a game -2.00 in the first 1 of 2 updates, 1.00 in the last 1, 20 ms',
    );
    expect(text).toContain('Without reuse (plain tfjs): rewards of a game -2.00');
    expect(text).toContain('400 ms an update, 0.4 s in all');
    expect(text).toContain('in the first 1 of 1 updates; in these, losses differ by at most 2.0e-6');
  });

  it('give no time of a dense side that has an episode for each frame', () => {
    const text = liveLines({...live, denseIs: 'engine', agreed: 0, difference: NaN}).join('\n');
    expect(text).not.toMatch(/400|NaN/);
    expect(text).toContain('differ from the first update on');
  });
});

describe('the report', () => {
  const recorded = {
    settings: 'steps <2>',
    games,
    overall: overall(games),
    note: 'all real',
    svgs: ['<svg id="a"/>', '<svg id="c"/>'],
  };

  it('has the parts there are, escapes text, and refers to nothing beside it', () => {
    const html = reportHtml({versions: 'node 20', recorded});
    expect(html).toContain('steps &lt;2&gt;. all real');
    expect(html).toContain('<svg id="a"/>');
    expect(html).toContain('<svg id="c"/>');
    expect(html.match(/<tr><td>/g)).toHaveLength(3);
    expect(html).not.toContain('A live game');
    expect(html).not.toMatch(/<(script|link|img)|url\(|src=|href=|undefined/);
    const both = reportHtml({
      versions: '',
      recorded,
      live: {settings: 'x', lines: ['y'], svg: '<svg id="b"/>'},
    });
    expect(both).toContain('A live game');
    expect(both).toContain('<svg id="b"/>');
  });
});

describe('the charts', () => {
  it('show a bar for each side there is', () => {
    const sides = (all: Figures[]) =>
      (episodesChart(all) as {data: {values: {side: string}[]}}).data.values.map(({side}) => side);
    expect(sides(games.slice(1))).toEqual(['tfjs', 'dense', 'reuse']);
    expect(sides(withoutPlain.slice(1))).toEqual(['dense', 'reuse']);
  });

  it('show a line a side', () => {
    const {layer} = learningChart(live) as unknown as {layer: {data: {values: unknown[]}}[]};
    expect(layer.map(({data}) => data.values)).toEqual([
      [{side: 'dense', update: 1, reward: -2}],
      [
        {side: 'reuse', update: 1, reward: -2},
        {side: 'reuse', update: 2, reward: 1},
      ],
    ]);
  });
});
