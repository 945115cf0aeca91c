/** Bundles page.ts into one script. */
import {join} from 'node:path';

export default {
  logLevel: 'warn',
  root: import.meta.dirname,
  build: {
    minify: false,
    lib: {
      entry: join(import.meta.dirname, 'page.ts'),
      formats: ['iife'],
      name: 'bundle',
      fileName: () => 'page.js',
    },
  },
};
