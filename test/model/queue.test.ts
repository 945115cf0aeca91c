/** Asynchronous frames: one after another, and what is to follow them. */
import {Queue} from '../../src/model/queue';

const later = () => new Promise<void>((resolve) => setTimeout(resolve));

test('work is done in order, whatever became of the work before', async () => {
  const queue = new Queue();
  const done: string[] = [];
  const results = [
    queue.add(async () => {
      await later();
      done.push('first');
      throw new Error('first fails');
    }),
    queue.add(async () => done.push('second')),
  ];
  expect(queue.isIdle).toBe(false);
  expect(() => queue.checkIdle()).toThrow(/still under way/);
  queue.afterAll(() => done.push('after'));
  await expect(results[0]).rejects.toThrow('first fails');
  await expect(results[1]).resolves.toBe(2);
  expect(done).toEqual(['first', 'second', 'after']);
  expect(queue.isIdle).toBe(true);
  queue.afterAll(() => done.push('at once'));
  expect(done).toHaveLength(4);
});

test('what follows waits for the frames asked for before it, and not for later ones', async () => {
  const queue = new Queue();
  const done: string[] = [];
  const first = queue.add(async () => void done.push('first'));
  queue.afterAll(() => done.push('after the first'));
  const second = queue.add(async () => void done.push('second'));
  await Promise.all([first, second]);
  expect(done).toEqual(['first', 'after the first', 'second']);
});
