/** What the portable engine has no backward pass for, said before anything is recorded. */
import * as tf from '@tensorflow/tfjs-core';
import type {Node} from '../../../graph';
import {hasBackward, noBackwardOf} from '../../shared/training/below';
import type {Rules} from '../../shared/training/rules';
import {opOf} from '../ops';

/** @throws where a node has no backward pass, or tfjs's backend lacks a kernel for it; names both */
export function checkGradients(nodes: readonly Node[], {active}: Rules): void {
  const backend = tf.getBackend();
  for (const node of nodes) {
    if (!active[node.id]) continue;
    if (!hasBackward(node)) throw new Error(noBackwardOf(node));
    const missing = opOf(node.op)
      .gradientKernels?.(node.op)
      .find((name) => tf.getKernel(name, backend) == null);
    if (!missing) continue;
    throw new Error(
      `record(): the gradient of '${node.name}' needs '${missing}', which tfjs's backend '${backend}' does not have. ` +
        "Leave engine at 'auto', whose WebAssembly engine needs none of tfjs's gradients, or use another backend.",
    );
  }
}
