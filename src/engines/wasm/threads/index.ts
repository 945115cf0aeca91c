/** Threads: workers that compute parts of what the kernels are given. */
export {LostThread, type Forks, type Kernel} from './forks';
export {noThreadsReason} from './host';
export {Pool} from './pool';
export {wantedThreads, wantThreads} from './realm';
export {forSharedMemory, isShared, sharedMemory} from './shared-memory';
