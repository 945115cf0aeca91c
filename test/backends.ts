/**
 * The tfjs backends that tests run on. Not a test, and not what the library supports: what this machine has.
 *
 *     describe.each(backends)('on %s', (name) => {
 *       beforeAll(() => useBackend(name));
 *       …
 *     });
 *
 * cpu and wasm are always there; tensorflow is where `@tensorflow/tfjs-node` is installed, which the package never
 * asks for. `REUSE_BACKENDS=cpu,wasm,tensorflow` names the backends that must run: one that is missing then fails.
 *
 * `REUSE_BUILD=relaxed` or `simd` makes the WebAssembly engine use that build of its kernels, on a host that runs it; by
 * default it takes the fastest, as it does for users.
 *
 * `REUSE_THREADS=2` makes it compute on so many threads, and share every list among them.
 *
 * tfjs is imported inside the functions: set-up.ts reads this file in the process that starts the tests, and what tfjs
 * leaves on that process's global object would reach into every test file.
 */
import type {BuildName} from '../src/engines/wasm/kernels';

export type BackendName = 'cpu' | 'wasm' | 'tensorflow';

const packages: Record<BackendName, string> = {
  cpu: '@tensorflow/tfjs-backend-cpu',
  wasm: '@tensorflow/tfjs-backend-wasm',
  tensorflow: '@tensorflow/tfjs-node',
};

const all = Object.keys(packages) as BackendName[];

/** The backends to run on: those asked for, or all that are installed. */
export const backends: BackendName[] = process.env['REUSE_BACKENDS']
  ? askedFor(process.env['REUSE_BACKENDS'])
  : all.filter(isInstalled);

/** The others, with why they do not run. */
export const leftOut: {name: BackendName; why: string}[] = all
  .filter((name) => !backends.includes(name))
  .map((name) => ({
    name,
    why: isInstalled(name) ? 'REUSE_BACKENDS leaves it out' : `${packages[name]} is not installed`,
  }));

/** The build of the kernels that was asked for. */
export const wantedBuild = (process.env['REUSE_BUILD'] || undefined) as BuildName | undefined;
let hasBuild = wantedBuild === undefined;

/** The threads that were asked for. */
const threads = Number(process.env['REUSE_THREADS'] ?? 1);

/** Loads a backend and makes it the one that tensors are computed on. */
export async function useBackend(name: BackendName): Promise<void> {
  await useBuild();
  if (threads > 1) await useThreads(threads);
  const {ready, setBackend} = await import('@tensorflow/tfjs-core');
  await import(packages[name]);
  if (!(await setBackend(name))) throw new Error(`The backend ${name} is registered but does not start.`);
  await ready();
}

/** Once in a test file, before the engine chooses by itself. */
async function useBuild(): Promise<void> {
  if (hasBuild) return;
  hasBuild = true;
  const {takeBuild} = await import('../src/engines/wasm/instance');
  takeBuild(wantedBuild!);
}

/** Once in a test file likewise. All lists are shared, in small chunks, however little it pays. */
async function useThreads(count: number): Promise<void> {
  const {currentInstance} = await import('../src/engines/wasm/instance');
  const {wantThreads} = await import('../src/engines/wasm/threads');
  const pool = currentInstance()!.pool!;
  wantThreads(count);
  await pool.resize(count);
  pool.tune({
    sharedMs: 0,
    wokenMs: 0,
    always: true,
    chunkOf: (n, _threads, _itemMs, unit) => unit * (1 + (n % 3)),
  });
}

function askedFor(list: string): BackendName[] {
  return list.split(',').map((text) => {
    const name = all.find((known) => known === text.trim());
    if (!name) throw new Error(`REUSE_BACKENDS names "${text}"; known are ${all.join(', ')}.`);
    if (!isInstalled(name))
      throw new Error(`REUSE_BACKENDS asks for ${name}: ${packages[name]} is not installed.`);
    return name;
  });
}

function isInstalled(name: BackendName): boolean {
  try {
    require.resolve(packages[name]);
    return true;
  } catch {
    return false;
  }
}
