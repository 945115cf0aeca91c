import {spawnSync} from 'node:child_process';
import {createRequire} from 'node:module';
import {resolve} from 'node:path';
import type {Column} from '../../bench/columns';
import {between, fill, markdownTable} from '../../bench/docs/markdown';

const columns: Column<readonly [string, number]>[] = [
  {title: 'Game', text: ([name]) => name},
  {title: 'ms', text: ([, ms]) => ms.toFixed(1)},
];

describe('Markdown', () => {
  it('has tables with numbers on the right, as Prettier leaves them', () => {
    const rows = [['Pong', 1.25] as const, ['Alien', 1234] as const];
    expect(markdownTable(columns, rows).split('\n')).toEqual([
      '| Game  |     ms |',
      '| ----- | -----: |',
      '| Pong  |    1.3 |',
      '| Alien | 1234.0 |',
    ]);
  });

  it('has tables of text', () => {
    const rows = [['Pong', 1.25] as const];
    expect(markdownTable(columns, rows, 'text').split('\n')).toEqual([
      '| Game | ms  |',
      '| ---- | --- |',
      '| Pong | 1.3 |',
    ]);
  });

  it('puts a text in its place between two comments', () => {
    const text = 'a\n\n<!-- x -->\n\nold\n\n<!-- /x -->\n\nb';
    expect(between(text, 'x', 'new')).toBe(text.replace('old', 'new'));
    expect(between('<!-- x -->\n<!-- /x -->', 'x', 'new')).toBe('<!-- x -->\n\nnew\n\n<!-- /x -->');
    expect(() => between('a', 'x', 'new')).toThrow('no place for x');
  });

  it('fills a template, with nothing missing and nothing left over', () => {
    expect(fill('{{a}}, {{b}} and {{a}}', {a: 'x', b: '$1'})).toBe('x, $1 and x');
    expect(() => fill('{{a}} {{b}}', {a: 'x'})).toThrow('{{b}}');
    expect(() => fill('{{a}}', {a: 'x', b: 'y'})).toThrow('no place for b');
  });
});

it('docs/performance.md, its charts and the tables of docs/support.md are what the code, the figures and the template make', () => {
  const root = resolve(__dirname, '../..');
  const tsx = createRequire(__filename).resolve('tsx/cli');
  const argv = [tsx, 'bench/docs/main.ts', '--check'];
  const {status, stderr} = spawnSync(process.execPath, argv, {cwd: root, encoding: 'utf8'});
  expect({status, stderr}).toEqual({status: 0, stderr: ''});
});
