/**
 * Several test runs. `unit` is `npm test`: everything that runs on the TypeScript sources alone. `webgpu` needs a Vulkan
 * driver. `package` packs the tarball and uses it as its users do; `chromium` does so in a real browser, which has to be installed, and
 * `browser` runs the sources and the example's page there. Types are checked by `npm run typecheck`, not here.
 */

/** Looking up a global is slow in jest's sandbox, and tfjs does so for each element that it reads: these are handed in. */
const globals = (
  'Array ArrayBuffer BigInt Boolean DataView Error Float32Array Float64Array Infinity Int8Array Int16Array Int32Array ' +
  'JSON Map Math Number Object Promise Proxy RangeError Reflect RegExp Set String Symbol TypeError Uint8Array ' +
  'Uint8ClampedArray Uint16Array Uint32Array WeakMap WeakRef WeakSet parseFloat parseInt'
).split(' ');

const common = {
  testEnvironment: 'node',
  setupFiles: ['<rootDir>/test/expected-warnings.ts'],
  sandboxInjectedGlobals: globals,
  transform: {
    '^.+\\.ts$': ['@swc/jest', {jsc: {target: 'es2022', parser: {syntax: 'typescript'}}}],
  },
};

module.exports = {
  testTimeout: 120_000,
  // Tests are long and use one core each.
  maxWorkers: '100%',
  projects: [
    {
      ...common,
      displayName: 'unit',
      roots: ['<rootDir>/test'],
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: [
        '/node_modules/',
        '<rootDir>/test/package/',
        '<rootDir>/test/browser/',
        '<rootDir>/test/engines/webgpu/',
      ],
      globalSetup: '<rootDir>/test/set-up.ts',
      setupFiles: [...common.setupFiles, '<rootDir>/test/threads.ts'],
    },
    {
      ...common,
      displayName: 'webgpu',
      roots: ['<rootDir>/test/engines/webgpu'],
      testMatch: ['**/*.test.ts'],
      testEnvironment: '<rootDir>/test/engines/webgpu/environment.cjs',
    },
    {
      ...common,
      displayName: 'package',
      roots: ['<rootDir>/test/package'],
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '/chromium\\.test\\.ts$'],
      globalSetup: '<rootDir>/test/package/pack.ts',
      globalTeardown: '<rootDir>/test/package/remove-tarball.ts',
    },
    {
      ...common,
      displayName: 'page',
      roots: ['<rootDir>/test/browser'],
      testMatch: ['**/page.test.ts'],
    },
    {
      ...common,
      displayName: 'chromium',
      roots: ['<rootDir>/test/package'],
      testMatch: ['**/chromium.test.ts'],
      globalSetup: '<rootDir>/test/package/pack.ts',
      globalTeardown: '<rootDir>/test/package/remove-tarball.ts',
    },
    {
      ...common,
      displayName: 'browser',
      roots: ['<rootDir>/test/browser'],
      testMatch: ['**/*.test.ts'],
    },
  ],
};
