/** The page and the script of its frames. Nothing is minified: tfjs's threads are started from the text of a function. */
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {rolldown} from 'rolldown';
import {ROOT} from '../../frames';

const OUT = join(ROOT, 'bench/dist/page');

/** Peers come as they were published, each from its package. */
const PEERS = {
  '@litertjs/core': '/peers/@litertjs/core/dist/index.js',
  '@litertjs/wasm-utils': '/peers/@litertjs/wasm-utils/dist/index.js',
  'onnxruntime-web': '/peers/onnxruntime-web/dist/ort.wasm.min.mjs',
};

const page = (head: string) =>
  `<!doctype html>\n<meta charset="utf-8">\n<title>Dense frames</title>\n${head}\n`;

/** @returns the folder */
export async function bundlePage(): Promise<string> {
  const bundle = await rolldown({
    input: {page: join(ROOT, 'bench/dense/realm/page.ts'), frame: join(ROOT, 'bench/dense/realm/frame.ts')},
    external: Object.keys(PEERS),
    platform: 'browser',
    tsconfig: join(ROOT, 'tsconfig.build.json'),
    transform: {target: 'es2022'},
    logLevel: 'silent',
  });
  await bundle.write({dir: OUT, format: 'esm'});
  const imports = JSON.stringify({imports: PEERS});
  writeFileSync(join(OUT, 'page.html'), page('<script type="module" src="/page.js"></script>'));
  writeFileSync(
    join(OUT, 'frame.html'),
    page(
      `<script type="importmap">${imports}</script>\n<body><script type="module" src="/frame.js"></script>`,
    ),
  );
  return OUT;
}
