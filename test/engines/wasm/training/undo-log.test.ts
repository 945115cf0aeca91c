/** The undo log: what was kept comes back byte for byte, and what is held stays within what is allowed. */
import * as fc from 'fast-check';
import {LogFull, UndoLog} from '../../../../src/engines/wasm/training/undo-log';
import {sample} from '../../../scale';

const KIB = 1024;
/** The least that is held once anything is. */
const FIRST = 64 * KIB;

function bytesOf(size: number, mark = 1): Uint8Array {
  return Uint8Array.from({length: size}, (_, i) => mark + 7 * i);
}

function fill(log: UndoLog, entries: number, size: number, limit = Infinity): void {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < entries; i++) log.add(i, 1, bytes, limit);
}

it('has an entry for each value of a frame that was kept, and none for the others', () => {
  const log = new UndoLog();
  log.add(3, 2, bytesOf(10, 1), Infinity);
  log.add(5, 4, bytesOf(20, 2), Infinity);
  log.close();
  log.close();
  log.add(3, 1, bytesOf(30, 3), Infinity);
  log.close();
  expect(log).toHaveLength(3);
  expect(log.entry(0, 3)).toEqual({value: 3, count: 2, bytes: bytesOf(10, 1)});
  expect(log.entry(0, 5)).toEqual({value: 5, count: 4, bytes: bytesOf(20, 2)});
  expect([log.entry(0, 4), log.entry(1, 3), log.entry(2, 5)]).toEqual([null, null, null]);
  expect(log.entry(2, 3)).toEqual({value: 3, count: 1, bytes: bytesOf(30, 3)});
});

it('keeps bytes of its own: those it was given may be overwritten', () => {
  const log = new UndoLog();
  const given = bytesOf(100);
  log.add(0, 1, given, Infinity);
  given.fill(0);
  log.close();
  expect(log.entry(0, 0)!.bytes).toEqual(bytesOf(100));
});

it('shows the entries of the open frame, which is none of its frames yet', () => {
  const log = new UndoLog();
  log.add(1, 1, bytesOf(4), Infinity);
  log.close();
  log.add(2, 1, bytesOf(5), Infinity);
  log.add(3, 1, bytesOf(6), Infinity);
  expect(log.opened.map(({value, bytes}) => [value, bytes.length])).toEqual([
    [2, 5],
    [3, 6],
  ]);
  expect(log).toHaveLength(1);
  log.close();
  expect(log.opened).toEqual([]);
});

describe('bytes', () => {
  it('are none before the first entry, and none after clear()', () => {
    const log = new UndoLog();
    expect(log.bytes).toBe(0);
    log.close();
    expect(log.bytes).toBe(0);
    fill(log, 1, 10);
    log.close();
    log.clear();
    expect([log.bytes, log.length, log.opened.length]).toEqual([0, 0, 0]);
    fill(log, 1, 10);
    expect(log.bytes).toBe(FIRST);
  });

  it('are those of chunks, which many small entries share', () => {
    const log = new UndoLog();
    fill(log, 64, KIB);
    expect(log.bytes).toBe(FIRST);
    fill(log, 1, 1);
    expect(log.bytes).toBe(2 * FIRST);
  });

  it('are ahead of what was kept by at most a quarter, and by 4 MiB; but for the first chunk', () => {
    const log = new UndoLog();
    const most = (kept: number) => FIRST + Math.min(4 * KIB * KIB, kept / 4);
    let [least, furthest] = [Infinity, -Infinity];
    // Entries that fill every chunk to the last byte or nearly so.
    for (let kept = 64; kept < 40 * KIB * KIB; kept += 64) {
      fill(log, 1, 64);
      least = Math.min(least, log.bytes - kept);
      furthest = Math.max(furthest, log.bytes - kept - most(kept));
    }
    expect(least).toBeGreaterThanOrEqual(0);
    expect(furthest).toBeLessThanOrEqual(0);
  });

  it('are no more than an entry has, of one that is larger than a chunk', () => {
    const log = new UndoLog();
    fill(log, 1, 10 * FIRST + 1);
    expect(log.bytes).toBe(10 * FIRST + 1);
  });
});

describe('an entry that does not fit', () => {
  it('is refused, and changes nothing', () => {
    const log = new UndoLog();
    fill(log, 1, FIRST, FIRST);
    expect(() => log.add(7, 1, bytesOf(1), 2 * FIRST - 1)).toThrow(LogFull);
    expect(log.bytes).toBe(FIRST);
    expect(log.opened.map(({value}) => value)).toEqual([0]);
    log.add(7, 1, bytesOf(1), 2 * FIRST);
    expect(log.bytes).toBe(2 * FIRST);
  });

  it('is refused where the host has no room for it', () => {
    const log = new UndoLog();
    fill(log, 1, 10);
    const endless = {length: 2 ** 53 - 1} as Uint8Array;
    expect(() => log.add(1, 1, endless, Infinity)).toThrow(LogFull);
    expect(log.bytes).toBe(FIRST);
    expect(log.opened).toHaveLength(1);
  });
});

describe('forget()', () => {
  it('drops the open frame, and no other', () => {
    const log = new UndoLog();
    log.add(1, 1, bytesOf(10, 1), Infinity);
    log.close();
    log.add(1, 1, bytesOf(10, 2), Infinity);
    log.forget();
    expect(log.opened).toEqual([]);
    log.add(2, 1, bytesOf(10, 3), Infinity);
    log.close();
    expect(log).toHaveLength(2);
    expect(log.entry(0, 1)!.bytes).toEqual(bytesOf(10, 1));
    expect(log.entry(1, 1)).toBeNull();
    expect(log.entry(1, 2)!.bytes).toEqual(bytesOf(10, 3));
  });

  it('leaves the bytes of the open frame to the next ones', () => {
    const log = new UndoLog();
    fill(log, 1, KIB);
    log.close();
    for (let i = 0; i < 200; i++) {
      fill(log, 2, 10 * KIB);
      log.forget();
    }
    expect(log.bytes).toBe(FIRST);
  });
});

const sizes = fc.oneof(fc.integer({min: 0, max: 2 * KIB}), fc.integer({min: 1, max: 3 * FIRST}));

it('whatever it is given: it holds what it kept, within its limit, and hands it out unchanged', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({size: sizes, then: fc.constantFrom('close', 'forget', 'go on', 'go on')}), {
        maxLength: 40,
      }),
      fc.integer({min: FIRST, max: 20 * FIRST}),
      (steps, limit) => {
        const log = new UndoLog();
        const frames: Uint8Array[][] = [];
        let open: Uint8Array[] = [];
        steps.forEach(({size, then}, i) => {
          const bytes = bytesOf(size, i);
          try {
            log.add(open.length, 1, bytes, limit);
            open.push(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(LogFull);
          }
          if (then === 'close') frames.push(open);
          if (then === 'close') log.close();
          else if (then === 'forget') log.forget();
          if (then !== 'go on') open = [];
          const kept = [...frames, open].flat().reduce((sum, entry) => sum + entry.length, 0);
          expect(log.bytes).toBeGreaterThanOrEqual(kept);
          expect(log.bytes).toBeLessThanOrEqual(limit);
        });
        expect(log).toHaveLength(frames.length);
        frames.forEach((entries, frame) =>
          entries.forEach((bytes, value) => {
            expect(Buffer.from(log.entry(frame, value)!.bytes).equals(bytes)).toBe(true);
          }),
        );
      },
    ),
    sample({short: 20, ci: 60, long: 60}),
  );
});
