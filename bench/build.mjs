/**
 * The benchmark in one module, the library bundled as the package is: not compiled file by file while it runs, and
 * without the names that such a compiler attaches to functions.
 */
import {isBuiltin} from 'node:module';
import {join} from 'node:path';
import {rolldown} from 'rolldown';

const folder = import.meta.dirname;

const bundle = await rolldown({
  input: {
    main: join(folder, 'main.ts'),
    training: join(folder, 'training/main.ts'),
    auto: join(folder, 'auto/main.ts'),
    threads: join(folder, 'threads/main.ts'),
    record: join(folder, 'policy/record.ts'),
    films: join(folder, 'films/main.ts'),
    dense: join(folder, 'dense/main.ts'),
    realm: join(folder, 'dense/realm/node.ts'),
  },
  external: (name) => isBuiltin(name) || /^[^./]/.test(name),
  platform: 'node',
  tsconfig: join(folder, '../tsconfig.build.json'),
  transform: {target: 'es2022'},
});
await bundle.write({dir: join(folder, 'dist'), format: 'esm', sourcemap: true, cleanDir: true});
