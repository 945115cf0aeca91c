/**
 * The benchmark in one module, the library bundled as the package is: not compiled file by file while it runs, and
 * without the names that such a compiler attaches to functions.
 */
import {defineConfig} from 'tsup';

export default defineConfig({
  entry: {main: 'bench/main.ts', training: 'bench/training/main.ts'},
  outDir: 'bench/dist',
  format: 'esm',
  target: 'es2022',
  platform: 'node',
  sourcemap: true,
  splitting: false,
  skipNodeModulesBundle: true,
});
