/**
 * Run before each unit test file: `ready()` starts no workers there, for each file would have its own, which outlive it. Tests of threads
 * ask for them.
 */
import {wantThreads} from '../src/engines/wasm/threads';

wantThreads(1);
