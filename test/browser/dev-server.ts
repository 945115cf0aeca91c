/** The browser example's page, served as `npm run browser` serves it, and Chromium to look at it. */
import {spawn} from 'node:child_process';
import {createServer, type AddressInfo} from 'node:net';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {chromium, type Browser} from 'playwright-core';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** WebGL and WebGPU computed on the CPU, so that no graphics card is needed; and a camera that shows a test card. */
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-background-networking',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--use-fake-device-for-media-stream',
];

/** At /usr/bin/chromium, or where REUSE_CHROMIUM says. */
export function openChromium(...more: string[]): Promise<Browser> {
  const executablePath = process.env['REUSE_CHROMIUM'] ?? '/usr/bin/chromium';
  return chromium.launch({executablePath, args: [...args, ...more]});
}

export interface DevServer {
  readonly url: string;
  close(): void;
}

/** Resolves once it answers. */
export async function startDevServer(): Promise<DevServer> {
  const port = await freePort();
  const vite = [join(root, 'node_modules/vite/bin/vite.js'), '--config', 'examples/browser/vite.config.ts'];
  const options = ['--host', '127.0.0.1', '--port', `${port}`, '--strictPort'];
  const server = spawn(process.execPath, [...vite, ...options], {cwd: root});
  let said = '';
  await new Promise<void>((resolve, reject) => {
    server.stderr.on('data', (text) => (said += text));
    server.stdout.on('data', (text) => {
      said += text;
      if (said.includes('ready in')) resolve();
    });
    server.on('exit', () => reject(new Error(`Vite does not start:\n${said}`)));
  });
  return {url: `http://127.0.0.1:${port}/`, close: () => server.kill()};
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const {port} = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
