/** Which build of the kernels is in use: the one that was asked for, or the fastest that the host has. */
import {BUILDS, binaryOf} from '../../../src/engines/wasm/kernels';
import {wantedBuild} from '../../backends';

const there = BUILDS.filter((build) => binaryOf(build) !== null);

/** The module as in a process that has just begun. */
async function fresh() {
  jest.resetModules();
  return import('../../../src/engines/wasm/instance');
}

test('tests run on the build that REUSE_BUILD names', async () => {
  const {currentInstance} = await fresh();
  const {useBackend} = await import('../../backends');
  await useBackend('cpu');
  expect(there).toContain(currentInstance()!.build);
  if (wantedBuild) expect(currentInstance()!.build).toBe(wantedBuild);
});

test('without a wish it is one that the host has, and it stays', async () => {
  const {currentInstance, prepare, hostReason} = await fresh();
  const instance = currentInstance();
  expect(there).toContain(instance!.build);
  expect(hostReason()).toBeNull();
  await prepare();
  expect(currentInstance()).toBe(instance);
});

test('it is the same in every process: no clock chooses between results', async () => {
  const builds = new Set<string>();
  for (let i = 0; i < 3; i++) builds.add((await fresh()).currentInstance()!.build);
  expect(builds.size).toBe(1);
});

test('compiled asynchronously it is the same for whoever waits', async () => {
  const {currentInstance, prepare} = await fresh();
  await Promise.all([prepare(), prepare()]);
  expect(there).toContain(currentInstance()!.build);
});

test.each(BUILDS)('%s is taken where the host runs it, once', async (build) => {
  const {currentInstance, takeBuild} = await fresh();
  if (!there.includes(build)) {
    expect(() => takeBuild(build)).toThrow(`This host cannot run the ${build} build.`);
    return;
  }
  takeBuild(build);
  expect(currentInstance()!.build).toBe(build);
  expect(() => takeBuild('simd')).toThrow(/compiled before a build was chosen/);
});
