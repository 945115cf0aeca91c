/**
 * The web server of a browser's host. Its pages are isolated, so that threads are allowed. The page asks it for calls, one after
 * another, and brings back answers: no browser has to be driven from outside.
 */
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import {readFile} from 'node:fs/promises';
import type {AddressInfo} from 'node:net';
import {extname, join, normalize, sep} from 'node:path';
import type {Answer} from '../realm/messages';

/** Folders by the first part of a path. */
export type Folders = Readonly<Record<string, string>>;

export interface PageServer {
  readonly url: string;
  /** Has the page take a call, and waits for its answer. One at a time. */
  ask(call: object): Promise<Answer>;
  close(): void;
}

const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** A page that waits longer for a call asks again. */
const PATIENCE_MS = 20_000;

export async function startServer(folders: Folders): Promise<PageServer> {
  const desk = new Desk();
  const server = createServer((request, response) => {
    const path = new URL(request.url!, 'http://localhost').pathname;
    if (path === '/call') return void desk.send(response);
    if (path === '/answer') return void desk.take(request, response);
    void sendFile(folders, path, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    ask: (call) => desk.ask(call),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Where a call lies until the page fetches it, and who waits for its answer. */
class Desk {
  private call: object | null = null;
  private page: ServerResponse | null = null;
  private done: ((answer: Answer) => void) | null = null;

  ask(call: object): Promise<Answer> {
    return new Promise((resolve) => {
      this.call = call;
      this.done = resolve;
      this.hand();
    });
  }

  send(page: ServerResponse): void {
    this.page = page;
    this.hand();
    setTimeout(() => {
      if (this.page === page) this.reply(null);
    }, PATIENCE_MS).unref();
  }

  async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    response.writeHead(204, HEADERS).end();
    this.done?.(JSON.parse(Buffer.concat(parts).toString()) as Answer);
  }

  private hand(): void {
    if (!this.call || !this.page) return;
    const {call} = this;
    this.call = null;
    this.reply(call);
  }

  private reply(call: object | null): void {
    const {page} = this;
    this.page = null;
    page!.writeHead(200, {...HEADERS, 'Content-Type': TYPES['.json']}).end(JSON.stringify(call));
  }
}

async function sendFile(folders: Folders, path: string, response: ServerResponse): Promise<void> {
  const [, first, ...rest] = path.split('/');
  const folder = folders[rest.length > 0 ? first : ''];
  const file =
    folder && join(folder, normalize(sep + (rest.length > 0 ? rest.join('/') : first || 'page.html')));
  try {
    const body = await readFile(file);
    response
      .writeHead(200, {...HEADERS, 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream'})
      .end(body);
  } catch {
    response.writeHead(404, HEADERS).end('There is no such file.');
  }
}
