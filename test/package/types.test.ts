/** The tarball's types, under each way that TypeScript resolves a package. */
import {spawnSync} from 'node:child_process';
import {Consumer, required, tool} from './consumer';

const settings = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom', '--pretty', 'false'];

/** tfjs's declarations have errors under `strict`, and bring types of WebGPU that conflict with those of TypeScript's own DOM. */
const notOurs = ['@tensorflow/tfjs-core/', '@tensorflow/tfjs-layers/', 'typescript/lib/lib.dom.d.ts'];

/** What the compiler, given these arguments, says of the package and of what uses it. */
function errors(consumer: Consumer, ...args: string[]): string[] {
  const {status, stdout} = spawnSync(process.execPath, [tool('typescript/bin/tsc'), ...settings, ...args], {
    cwd: consumer.folder,
    encoding: 'utf8',
  });
  const lines = stdout.split('\n').filter((line) => line.includes('error TS'));
  if (status !== 0 && lines.length === 0) throw new Error(`tsc exits with ${status}: ${stdout}`);
  return lines.filter((line) => !notOurs.some((path) => line.includes(path)));
}

describe('the types in the tarball', () => {
  const consumers: Consumer[] = [];
  const consumerOf = (dependencies: readonly string[]): Consumer => {
    consumers.push(new Consumer(dependencies));
    return consumers[consumers.length - 1];
  };
  afterAll(() => consumers.forEach((consumer) => consumer.dispose()));

  it.each([
    ['a bundler', 'ts', 'esnext', 'bundler'],
    ['node, as an ES module', 'mts', 'node16', 'node16'],
    ['node, as a CommonJS module', 'cts', 'node16', 'node16'],
  ])('are right for %s', (_, extension, module, moduleResolution) => {
    const consumer = consumerOf([...required, '@tensorflow/tfjs-converter']);
    const names = ['types', 'wrong-types'];
    for (const name of names) consumer.add(`${name}.ts`, `${name}.${extension}`);
    const files = names.map((name) => `${name}.${extension}`);
    expect(errors(consumer, '--module', module, '--moduleResolution', moduleResolution, ...files)).toEqual(
      [],
    );
  });

  it('can be used without the optional peer', () => {
    const consumer = consumerOf(required).add('types.ts');
    const options = ['--module', 'esnext', '--moduleResolution', 'bundler', '--skipLibCheck'];
    expect(errors(consumer, ...options, 'types.ts')).toEqual([]);
  });
});
