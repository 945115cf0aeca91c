/** Which hosts have threads, and what is said of the others. */
import {noThreadsReason} from '../../../../src/engines/wasm/threads';

/** The reason where the host has these globals, too. */
function reasonWith(globals: Record<string, unknown>): string | null {
  Object.assign(globalThis, globals);
  try {
    return noThreadsReason();
  } finally {
    for (const name of Object.keys(globals)) Reflect.deleteProperty(globalThis, name);
  }
}

test('Node has them; Deno, and pages that are not isolated, have one', () => {
  expect(reasonWith({})).toBeNull();
  expect(reasonWith({Deno: {}})).toBe('threads are not used in Deno');
  expect(reasonWith({crossOriginIsolated: false})).toBe('this page is not cross-origin isolated');
});
