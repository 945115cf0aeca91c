/**
 * The tfjs kernel of a convolution over consecutive frames, and its gradient. A gradient that is registered is asked for
 * input by input; tf.customGrad would compute all of them.
 *
 * The kernel only hands on: what computes comes with each call. So it is registered for a backend when it is first used
 * there, under a name that carries a version, and serves a second copy of this package too.
 */
import {
  engine,
  getBackend,
  getGradient,
  getKernel,
  registerGradient,
  registerKernel,
  type GradConfig,
  type KernelConfig,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** What a call of the kernel computes: a function of `inputs`, and of anything else, linear in each of them. */
export interface Convolution {
  forward(inputs: readonly Tensor[]): Tensor;
  /** A function for each input, which computes its gradient. */
  gradients(dy: Tensor, inputs: readonly Tensor[]): (() => Tensor)[];
}

const NAME = 'ReuseConvolution/1';

/** tfjs types inputs and attributes as maps, of plain JSON the latter, but hands lists and objects through untouched. */
type Call = Parameters<ReturnType<typeof engine>['runKernel']>;

const convolutionIn = (attrs: unknown) => (attrs as {convolution: Convolution}).convolution;
const listOf = (inputs: unknown) => inputs as readonly Tensor[];

const kernelFor = (backendName: string): KernelConfig => ({
  kernelName: NAME,
  backendName,
  kernelFunc: ({inputs, attrs}) => convolutionIn(attrs).forward(listOf(inputs)),
});

const gradient: GradConfig = {
  kernelName: NAME,
  saveAllInputs: true,
  gradFunc: (dy, saved, attrs) => {
    const functions = convolutionIn(attrs).gradients(dy as Tensor, listOf(saved));
    return Object.fromEntries(functions.entries());
  },
};

/** The convolution of these inputs, on the tape where one is on. */
export function runConvolution(convolution: Convolution, inputs: readonly Tensor[]): Tensor {
  const backend = getBackend();
  if (getKernel(NAME, backend) == null) registerKernel(kernelFor(backend));
  if (getGradient(NAME) == null) registerGradient(gradient);
  return engine().runKernel(NAME, inputs as unknown as Call[1], {convolution} as unknown as Call[2]);
}
