/**
 * What `npm run lint` holds the code to. Formatting is Prettier's; the rules of the house are in eslint/house.js.
 */
import js from '@eslint/js';
import {defineConfig} from 'eslint/config';
import tseslint from 'typescript-eslint';
import house from './eslint/house.js';

/** Globals of Node that library code must not lean on: it runs in browsers too. */
const nodeOnly = ['Buffer', '__dirname', '__filename', 'global', 'module', 'process', 'require'];

const readonly = (...names) => Object.fromEntries(names.map((name) => [name, 'readonly']));

export default defineConfig(
  // The consumers' TypeScript is compiled against the tarball, by the package's own test.
  {ignores: ['dist/', 'bench/dist/', 'docs/api/', 'coverage/', 'test/package/consumers/*.ts']},
  // AssemblyScript, which its own compiler checks, and what is made from it.
  {
    ignores: [
      'src/engines/wasm/assembly/',
      'src/engines/wasm/binaries.ts',
      'src/engines/wasm/kernel-signatures.ts',
      'src/engines/wasm/backward-binaries.ts',
      'src/engines/wasm/backward-signatures.ts',
    ],
  },
  js.configs.recommended,
  {
    linterOptions: {reportUnusedDisableDirectives: 'error'},
    rules: {
      eqeqeq: ['error', 'always', {null: 'ignore'}],
      'no-console': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strict, tseslint.configs.stylistic],
    languageOptions: {parserOptions: {projectService: true, tsconfigRootDir: import.meta.dirname}},
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', {fixStyle: 'inline-type-imports'}],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', {argsIgnorePattern: '^_'}],
      '@typescript-eslint/prefer-for-of': 'off', // hot loops over typed arrays count
      '@typescript-eslint/switch-exhaustiveness-check': ['error', {considerDefaultExhaustiveForUnions: true}],
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: {house},
    rules: {
      'house/downward': 'error',
      'house/acyclic': 'error',
      'no-restricted-globals': ['error', ...nodeOnly],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {group: ['node:*'], message: 'The library runs in browsers too.'},
            {
              regex: '^@tensorflow/(?!tfjs-(core|layers|converter)$)',
              message: 'Only the peers, by their names: no other package, and no path inside one.',
            },
            {
              regex: '^@tensorflow/tfjs-converter$',
              allowTypeImports: true,
              message: 'The converter is an optional peer: types only.',
            },
          ],
        },
      ],
    },
  },
  {files: ['test/expected-warnings.ts'], rules: {'no-console': 'off'}},
  // summary() prints on the console, as tfjs's own does.
  {files: ['src/model/reuse-model.ts'], rules: {'no-console': 'off'}},
  {
    files: ['examples/**', 'bench/**', 'scripts/**', 'test/package/consumers/**', '.ci/**'],
    rules: {'no-console': 'off'},
  },
  {
    files: ['**/*.cjs'],
    languageOptions: {globals: readonly('module', 'require', '__dirname', 'console', 'process')},
  },
  {files: ['**/*.mjs', '.ci/**'], languageOptions: {globals: readonly('console', 'process')}},
  {
    files: ['test/package/consumers/**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: readonly('check', 'threads', 'tf', 'tfjsReuse', 'console', 'process', 'setTimeout', 'URL'),
    },
  },
  {
    files: ['test/package/consumers/{script-tag,threads-worker}.js'],
    languageOptions: {sourceType: 'script', globals: readonly('importScripts', 'postMessage')},
  },
);
