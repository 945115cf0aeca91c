/** The crew on a host like a browser, which says nothing of workers that end, and lets them go on for a while. */
import {CONTROL_BYTES, ENDS} from '../../../../src/engines/wasm/threads/control';
import {Crew} from '../../../../src/engines/wasm/threads/crew';
import type {Thread, ThreadEvents} from '../../../../src/engines/wasm/threads/host';
import type {WorkerData} from '../../../../src/engines/wasm/threads/worker';

interface Started {
  readonly number: number;
  readonly events: ThreadEvents;
  readonly thread: jest.Mocked<Thread>;
}

/** A crew of workers that do what the test says. */
function crewOf() {
  const words = new Int32Array(new SharedArrayBuffer(CONTROL_BYTES));
  const started: Started[] = [];
  const onChange = jest.fn();
  const start = ({number}: WorkerData, events: ThreadEvents): Thread => {
    const thread = {dismiss: jest.fn(), terminate: jest.fn()};
    started.push({number, events, thread});
    return thread;
  };
  const crew = new Crew(words, (number) => ({number}) as WorkerData, onChange, start);
  return {crew, words, started, onChange};
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

test('each worker has a number of its own, and counts once it is ready', async () => {
  const {crew, started} = crewOf();
  const resized = crew.resize(3);
  await settled();
  expect(started.map(({number}) => number)).toEqual([1, 2]);
  expect(crew.count).toBe(0);
  expect(crew.reason).toBe('workers are being started');
  started.forEach(({events}) => events.onReady());
  await resized;
  expect(crew).toMatchObject({count: 2, highest: 2, reason: null});
});

test('nobody gets the number of a worker that was told to end, until it has', async () => {
  const {crew, words, started} = crewOf();
  void crew.resize(2);
  await settled();
  started[0].events.onReady();
  await crew.resize(2);

  const alone = crew.resize(1);
  expect(words[ENDS + 1]).toBe(1);
  expect(started[0].thread.dismiss).toHaveBeenCalledTimes(1);
  expect(started[0].thread.terminate).not.toHaveBeenCalled();
  // It may yet compute, so that memory for its number is needed.
  expect(crew).toMatchObject({count: 0, highest: 1});
  const again = crew.resize(2);
  await settled();
  expect(started).toHaveLength(1);

  started[0].events.onEnd();
  await settled();
  expect(started.map(({number}) => number)).toEqual([1, 1]);
  expect(words[ENDS + 1]).toBe(0);
  started[1].events.onReady();
  await Promise.all([alone, again]);
  expect(crew.count).toBe(1);
});

test('workers that are to be given something else end before others start', async () => {
  const {crew, started} = crewOf();
  const resized = crew.resize(2);
  await settled();
  started[0].events.onReady();
  await resized;
  crew.restart();
  await settled();
  expect(started).toHaveLength(1);
  started[0].events.onEnd();
  await settled();
  expect(started).toHaveLength(2);
  started[1].events.onReady();
});

test('one that ends by itself is replaced; where all were given up, none is', async () => {
  const {crew, started} = crewOf();
  const resized = crew.resize(2);
  await settled();
  started[0].events.onReady();
  await resized;
  started[0].events.onEnd();
  expect(started).toHaveLength(2);
  started[1].events.onReady();
  crew.abandon();
  expect(started[1].thread.terminate).toHaveBeenCalledTimes(1);
  expect(crew.count).toBe(0);
  started[1].events.onEnd();
  expect(started).toHaveLength(2);
});
