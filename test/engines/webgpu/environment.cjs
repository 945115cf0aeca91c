/**
 * Node with a `navigator.gpu`: Dawn, over whatever Vulkan driver there is; Debian's chromium brings SwiftShader, which
 * computes on the processor. It is loaded outside of a test's sandbox, which knows no ES modules.
 */
const {existsSync} = require('node:fs');
const {TestEnvironment} = require('jest-environment-node');

const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';

module.exports = class WebGpuEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    if (!process.env.VK_ICD_FILENAMES && existsSync(SWIFTSHADER)) process.env.VK_ICD_FILENAMES = SWIFTSHADER;
    const {create, globals} = await import('webgpu');
    Object.assign(this.global, globals);
    this.gpu = create([]);
    // tfjs asks for an adapter of its own; a test has to know beforehand whether there is one.
    this.global.adapterFound = (await this.gpu.requestAdapter()) !== null;
    Object.defineProperty(this.global, 'navigator', {value: {gpu: this.gpu}, configurable: true});
  }

  async teardown() {
    delete this.gpu;
    await super.teardown();
  }
};
