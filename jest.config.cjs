/**
      testPathIgnorePatterns: [
        '/node_modules/',
        '<rootDir>/test/package/',
        '<rootDir>/test/browser/',
        '<rootDir>/test/engines/webgpu/',
      ],
 */
const common = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.ts$': ['@swc/jest', {jsc: {target: 'es2022', parser: {syntax: 'typescript'}}}],
  },
};

module.exports = {
  testTimeout: 120_000,
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
      displayName: 'chromium',
      roots: ['<rootDir>/test/package'],
      testMatch: ['**/chromium.test.ts'],
      globalSetup: '<rootDir>/test/package/pack.ts',
      globalTeardown: '<rootDir>/test/package/remove-tarball.ts',
    },
    {
      ...common,
      displayName: 'webgl',
      roots: ['<rootDir>/test/browser'],
      testMatch: ['**/*.test.ts'],
    },
  ],
};
