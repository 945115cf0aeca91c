/** The tarball's threads in Node: whether results are the same, and that they hold up no process. */
import {availableParallelism} from 'node:os';
import {Consumer} from './consumer';

describe('threads of the tarball in Node', () => {
  const consumer = new Consumer().add('threads.js').add('threads.mjs');
  afterAll(() => consumer.dispose());

  const run = (way: string) => consumer.node('threads.mjs', way).stdout.trim().split('\n').at(-1);

  it('give the same results on any number, and the process ends by itself', () => {
    const count = Math.min(availableParallelism(), 4);
    const {count: started, reason} = JSON.parse(run('same')!) as {count: number; reason: string | null};
    expect(started).toBe(count);
    if (count > 1) expect(reason).toBeNull();
  });

  it('do not hold up process.exit()', () => expect(run('exit')).toBe('exits'));

  it('end with a worker that owns them and computes', () => expect(run('terminate')).toBe('ended with 2'));

  it('are those of two copies of the package in turns, as many of each', () =>
    expect(run('copies')).toBe('the same'));
});
