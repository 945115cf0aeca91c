/** Gives Node a `navigator.gpu`: Dawn, over whatever Vulkan driver there is. To be imported before tfjs's webgpu backend. */
import {existsSync} from 'node:fs';
import {create, globals} from 'webgpu';

/** Debian's chromium brings a driver that computes on the processor. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';
if (existsSync(SWIFTSHADER)) process.env['VK_ICD_FILENAMES'] ??= SWIFTSHADER;

Object.assign(globalThis, globals);
Object.defineProperty(globalThis, 'navigator', {value: {gpu: create([])}, configurable: true});
