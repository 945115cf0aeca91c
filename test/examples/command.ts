/** A command line, in this process and in one of its own. Not a test. */
import {spawnSync, type SpawnSyncReturns} from 'node:child_process';
import {createRequire} from 'node:module';
import {resolve} from 'node:path';
import {Command} from 'commander';

/** What a command line would print as an error, before it exits with code 1. */
export function errorIn(
  readOptions: (argv: readonly string[], command: Command) => unknown,
  argv: readonly string[],
): string {
  let printed = '';
  const command = new Command().exitOverride().configureOutput({writeErr: (text) => (printed += text)});
  expect(() => readOptions(argv, command)).toThrow(expect.objectContaining({exitCode: 1}));
  return printed;
}

/** Runs an example as its npm script does. */
export function runExample(name: string, argv: readonly string[]): SpawnSyncReturns<string> {
  const tsx = createRequire(__filename).resolve('tsx/cli');
  const command = [tsx, `examples/${name}/main.ts`, ...argv];
  return spawnSync(process.execPath, command, {cwd: resolve(__dirname, '../..'), encoding: 'utf8'});
}
