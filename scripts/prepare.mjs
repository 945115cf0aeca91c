/**
 * What npm runs after an install in a clone, and where the package is installed from git. Both need the kernels. The package itself
 * is built only for an install from git: npm packs what is there then, and would find no `dist`.
 */
import {spawnSync} from 'node:child_process';
import {resolve} from 'node:path';
import process from 'node:process';

/** npm packs a clone of its own for somebody else's project, from where it was started; in a clone it is started there. */
const isForOthers = resolve(process.env.INIT_CWD ?? '.') !== process.cwd();

const {status} = spawnSync('npm', ['run', isForOthers ? 'build' : 'kernels'], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
process.exitCode = status ?? 1;
