/** What is written, read by those that it is written for: LiteRT.js and onnxruntime-web, where `npm run bench:peers` has installed them. */
import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {createRequire} from 'node:module';
import {resolve} from 'node:path';

const root = resolve(__dirname, '../../..');
const areInstalled = existsSync(resolve(root, 'bench/peers/node_modules/@litertjs/core'));

// In a process of its own: the runtimes' arrays are not of the kind that a test's are, and one of them wants a page's globals.
(areInstalled ? it : it.skip)(
  'a model in either format gives what tfjs gives (else: npm run bench:peers)',
  () => {
    const tsx = createRequire(__filename).resolve('tsx/cli');
    const program = resolve(__dirname, 'runtimes-program.ts');
    const {stdout, stderr} = spawnSync(process.execPath, [tsx, program], {cwd: root, encoding: 'utf8'});
    const line = stdout.split('\n').find((one) => one.startsWith('distances:'));
    if (!line) throw new Error(stderr);
    const {kinds, litert, onnx} = JSON.parse(line.slice(line.indexOf('{'))) as Record<string, number[]>;
    expect(kinds).toEqual(
      expect.arrayContaining([
        'conv2d',
        'depthwiseConv2d',
        'merge',
        'concat',
        'globalPool',
        'pool2d',
        'reshape',
      ]),
    );
    for (const distance of [...litert, ...onnx]) expect(distance).toBeLessThan(1e-5);
    expect([litert.length, onnx.length]).toEqual([3, 3]);
  },
);
