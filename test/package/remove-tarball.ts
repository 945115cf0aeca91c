/** After the tests of the package: removes the tarball that pack.ts made. */
import {rmSync} from 'node:fs';

export default function removeTarball(): void {
  const folder = process.env['TFJS_REUSE_PACKED'];
  if (folder) rmSync(folder, {recursive: true, force: true});
}
