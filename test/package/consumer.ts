/**
 * A user's project in a folder of its own, outside the repository: the packed tarball in its node_modules, unpacked as
 * npm would, the peers linked from the repository's so that nothing is downloaded, and programs from `consumers/`.
 */
import {execFileSync, spawnSync} from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';

/** The repository's root. */
export const repository = resolve(__dirname, '../..');

/** What a user must install beside the package, and a backend. The optional peer is not among it. */
export const required = [
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-layers',
  '@tensorflow/tfjs-backend-cpu',
] as const;

/** Milliseconds that a program may take: one that does not end by itself fails. */
const NODE_TIMEOUT = 100_000;

export class Consumer {
  /** The project's folder. */
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'tfjs-reuse-consumer-')));

  /** The package as installed. */
  readonly installed = join(this.folder, 'node_modules', 'tfjs-reuse');

  constructor(dependencies: readonly string[] = required) {
    mkdirSync(this.installed, {recursive: true});
    execFileSync('tar', ['-xzf', tarball(), '-C', this.installed, '--strip-components=1']);
    for (const name of dependencies) this.link(name);
    this.write('package.json', JSON.stringify({name: 'consumer', private: true}));
  }

  /** Copies a program from `consumers/`, under another name if one is given. */
  add(file: string, as = file): this {
    copyFileSync(join(__dirname, 'consumers', file), join(this.folder, as));
    return this;
  }

  write(file: string, text: string): this {
    writeFileSync(join(this.folder, file), text);
    return this;
  }

  /** Runs a file with node and gives what it wrote; a failure is an error with all of it. */
  node(file: string, ...args: string[]): {stdout: string; stderr: string} {
    const {status, stdout, stderr} = spawnSync(process.execPath, [file, ...args], {
      cwd: this.folder,
      encoding: 'utf8',
      timeout: NODE_TIMEOUT,
    });
    if (status !== 0)
      throw new Error(`node ${file} ${args.join(' ')} exits with ${status}\n${stdout}${stderr}`);
    return {stdout, stderr};
  }

  dispose(): void {
    rmSync(this.folder, {recursive: true, force: true});
  }

  private link(name: string): void {
    const target = join(this.folder, 'node_modules', name);
    mkdirSync(dirname(target), {recursive: true});
    symlinkSync(join(repository, 'node_modules', name), target);
  }
}

/** The path of a tool's command-line program in the repository. */
export function tool(path: string): string {
  return join(repository, 'node_modules', path);
}

function tarball(): string {
  const path = process.env['TFJS_REUSE_TARBALL'];
  if (!path) throw new Error('There is no tarball: run these tests through jest.config.cjs.');
  return path;
}
