/** Another process that keeps a core busy, until it is killed or the one that started it is gone. */
import {spawn, type ChildProcess} from 'node:child_process';

const BUSY = 'const {ppid} = process; while (process.ppid === ppid);';

export const keepBusy = (): ChildProcess => spawn(process.execPath, ['-e', BUSY]);
