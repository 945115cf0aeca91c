/**
 * Before the tests of the package: packs the tarball (which builds it) and tells the tests where it lies, unless
 * TFJS_REUSE_TARBALL says so already. It is packed once, though `package` and `chromium` may run together.
 */
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readdirSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';

export default function pack(): void {
  if (process.env['TFJS_REUSE_TARBALL']) return;
  const folder = mkdtempSync(join(tmpdir(), 'tfjs-reuse-tarball-'));
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: resolve(__dirname, '../..'),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [tarball] = readdirSync(folder);
  process.env['TFJS_REUSE_TARBALL'] = join(folder, tarball);
  process.env['TFJS_REUSE_PACKED'] = folder;
}
