/**
 * As much of a browser as tfjs and the package look at: one global object that classic scripts share, with a document
 * that cannot make a WebGL context. Without node's `process` and `require`, nothing can fall back on node.
 */
import {readFileSync} from 'node:fs';
import {createContext, runInContext, type Context} from 'node:vm';

/** Runs scripts in order, as a page's script tags would be, and gives what the last one left in `result`. */
export async function runScripts(paths: string[]): Promise<unknown> {
  const page = createPage();
  for (const path of paths) runScript(path, page);
  return (await runInContext('result', page)) as unknown;
}

/** An error is without the line it was thrown in: minified, that is the whole script. */
function runScript(path: string, page: Context): void {
  runInContext(readFileSync(path, 'utf8'), page, {filename: path, displayErrors: false});
}

function createPage(): Context {
  const canvas = {getContext: () => null, addEventListener: () => undefined};
  const page: Context = createContext({
    document: {createElement: () => canvas},
    navigator: {userAgent: 'test'},
    location: {href: 'http://127.0.0.1/', protocol: 'http:'},
    console: {...console, warn: () => undefined},
    ...{TextDecoder, TextEncoder, URL, atob, btoa, fetch, performance},
    ...{clearTimeout, setTimeout},
    postMessage: () => undefined,
    addEventListener: () => undefined,
  });
  page['window'] = page['self'] = runInContext('globalThis', page);
  return page;
}
