/** After the tests of the package: removes the tarball. */
import {rmSync} from 'node:fs';
import {dirname} from 'node:path';

export default function removeTarball(): void {
  const tarball = process.env['TFJS_REUSE_TARBALL'];
  if (tarball) rmSync(dirname(tarball), {recursive: true, force: true});
}
