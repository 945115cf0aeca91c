/** All engines there are. */
import type {Engines} from './choose';
import {tfjsEngine} from './tfjs/engine';
import {wasmEngine} from './wasm/engine';
import {webgpuEngine} from './webgpu/engine';

export const allEngines: Engines = [webgpuEngine, wasmEngine, tfjsEngine];
