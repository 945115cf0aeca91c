/**
 * The one instance of the kernels in this process, and which build it is: the relaxed one where the host has it and its
 * multiply-add is the processor's own (which makes it the faster one), else the one with SIMD. A host without SIMD has none.
 */
import {engineChanged} from '../shared/changes';
import {
  BUILDS,
  binaryOf,
  forked,
  forMemory,
  HEAP_START,
  instantiate,
  newMemory,
  type BuildName,
  type Instance,
} from './kernels';
import {isShared, noThreadsReason, Pool, wantedThreads} from './threads';

/** A build, and the memory that it is for. */
interface Source {
  readonly build: BuildName;
  readonly memory: WebAssembly.Memory;
  readonly binary: Uint8Array<ArrayBuffer>;
}

interface Compiled extends Omit<Source, 'binary'> {
  readonly module: WebAssembly.Module;
}

/** undefined before anyone asked, null while it cannot be had without waiting, or at all. */
let instance: Instance | null | undefined;
let preparing: Promise<void> | null = null;

/** The kernels; null where this host has no SIMD, or compiles WebAssembly only asynchronously and has not done so yet. */
export function currentInstance(): Instance | null {
  if (instance !== undefined) return instance;
  try {
    instance = fastest(
      sources().map((source) => ({...source, module: new WebAssembly.Module(source.binary)})),
    );
  } catch {
    // A browser's main thread may refuse to compile this much at once: then it is done in the background.
    instance = null;
    void prepare();
  }
  return instance;
}

/** Resolves once the kernels are compiled, or it is known that they cannot be. */
export async function prepare(): Promise<void> {
  if (instance) return;
  // A host that forbids compiling has no kernels, and nothing to tell of it: the portable engine computes there.
  preparing ??= compileAll().catch(() => undefined);
  await preparing;
}

async function compileAll(): Promise<void> {
  if (typeof WebAssembly === 'undefined') return;
  const compiled: Compiled[] = [];
  for (const source of sources())
    compiled.push({...source, module: await WebAssembly.compile(source.binary)});
  // On a host that compiles at once too, a frame that came meanwhile has an instance already, and programs hold on to that.
  if (instance) return;
  instance = fastest(compiled);
  if (instance) engineChanged();
}

/** What this host lacks for ever, a clause; null where the kernels are there or may yet be. */
export function hostReason(): string | null {
  if (typeof WebAssembly === 'undefined') return 'this host has no WebAssembly';
  return BUILDS.some((build) => binaryOf(build)) ? null : "this host's WebAssembly has no SIMD";
}

/** @internal Takes one build, whatever is faster; for tests, before anything is compiled. */
export function takeBuild(build: BuildName): void {
  const [source] = sources([build]);
  if (!source) throw new Error(`This host cannot run the ${build} build.`);
  if (instance) throw new Error('The kernels were compiled before a build was chosen.');
  instance = fastest([{...source, module: new WebAssembly.Module(source.binary)}]);
}

/** The builds that this host has, each for a memory of its own. */
function sources(builds: readonly BuildName[] = BUILDS): Source[] {
  return builds.flatMap((build) => {
    const binary = binaryOf(build);
    if (!binary) return [];
    const memory = newMemory();
    return [{build, memory, binary: forMemory(binary, memory)}];
  });
}

function fastest(compiled: readonly Compiled[]): Instance | null {
  const best = compiled.find(fusesMultiplyAdd) ?? compiled[0];
  if (!best) return null;
  return instanceOf(best, timeMultiplyAdd(instantiate(best.build, best.module, best.memory)));
}

/** Whether a multiply-add rounds once, as the processor's own instruction does: one pixel, of one tap, tells by 8 channels. */
function fusesMultiplyAdd({build, module, memory}: Compiled): boolean {
  const {kernels} = instantiate(build, module, memory);
  const [filter, input, output, list, flags] = [0, 64, 68, 100, 108].map((bytes) => HEAP_START + bytes);
  const x = 1 + 2 ** -12;
  // x² is 1 + 2⁻¹¹ + 2⁻²⁴, of which the last term is lost where the product is rounded by itself.
  new Float32Array(memory.buffer, filter, 17).fill(-1 - 2 ** -11, 0, 8).fill(x, 8);
  new Uint32Array(memory.buffer, list, 2).set([input, output]);
  kernels.conv(list, 1, filter, 8, 1, 0, 1, 4, 0, -Infinity, Infinity, list + 4, flags, 1);
  return new Float32Array(memory.buffer, output, 1)[0] !== 0;
}

/** An instance, with the threads that can share its memory. */
function instanceOf({build, module, memory}: Compiled, msPerMac: number): Instance {
  const alone: Instance = {...instantiate(build, module, memory), msPerMac};
  if (!isShared(memory)) return alone;
  const pool = new Pool(memory, msPerMac, () => {
    whole.isLost = true;
    renew({build, module}, msPerMac);
    engineChanged();
  });
  const whole: Instance = {...alone, pool, kernels: pool.share(module, alone.kernels, forked)};
  return whole;
}

/** Another instance of the same build, so that results stay the same bit for bit; where there is memory for it. */
function renew(compiled: Omit<Compiled, 'memory'>, msPerMac: number): void {
  const memory = newMemory();
  preparing = null;
  instance = isShared(memory) ? instanceOf({...compiled, memory}, msPerMac) : null;
}

/** Resolves once as many threads compute as are wanted, or as can be had. */
export async function startThreads(): Promise<void> {
  await instance?.pool?.resize(wantedThreads());
}

/** Threads that compute, the caller's among them; and where there is only one, why, a clause. */
export function threadsNow(): {readonly count: number; readonly reason: string | null} {
  const pool = instance?.pool;
  if (pool) return {count: pool.count, reason: pool.reason};
  return {
    count: 1,
    reason:
      noThreadsReason() ?? (instance ? 'this host has no room for shared memory' : 'nothing is compiled'),
  };
}

/** A host may first compile kernels in haste, and well only when they have run for a while: pace is measured for so long. */
const MEASURED_MS = 20;
/** Where a clock stands still, as a test's may, the measurement ends after so many runs. */
const MOST_RUNS = 200;

/**
 * Milliseconds of a multiply-add in a small convolution: 48 pixels, 3×3 taps, 16 to 16 channels. The best of several runs, each about
 * a millisecond long, for a page's clock may count in tenths of one; by a clock that does not see them, their mean.
 */
function timeMultiplyAdd({kernels, memory}: Instance): number {
  const [pixels, channels, taps, repeats] = [48, 16, 9, 128];
  const runBytes = 4 * taps * channels;
  const input = HEAP_START;
  const filter = input + runBytes;
  const output = filter + (runBytes + 4) * channels;
  const sources = output + 4 * channels + 64;
  const targets = sources + 4 * pixels;
  const flags = targets + 4 * pixels;
  const [rows, rowSkip, runs, runSkip, low, high] = [1, 0, 1, 0, 0, Infinity];
  new Uint32Array(memory.buffer, sources, pixels).fill(input);
  new Uint32Array(memory.buffer, targets, pixels).fill(output);
  let best = Infinity;
  let count = 0;
  const begin = performance.now();
  let [start, end] = [begin, begin];
  while (end - begin < MEASURED_MS && count < MOST_RUNS) {
    for (let i = 0; i < repeats; i++) {
      // Not by `bind`: one that was called with the kernels of both builds would be slower from then on.
      kernels.conv(
        sources,
        pixels,
        filter,
        channels,
        rows,
        rowSkip,
        runs,
        runBytes,
        runSkip,
        low,
        high,
        targets,
        flags,
        1,
      );
    }
    end = performance.now();
    best = Math.min(best, end - start);
    start = end;
    count++;
  }
  const ms = best > 0 ? best : Math.max(0, end - begin) / count;
  return ms / (repeats * pixels * taps * channels * channels);
}
