/**
 * A layer while a gradient tape is on: a convolution computes a batch frame by frame, each from the one before it, and
 * its backward pass does likewise; its result is exact, whatever the layer's threshold. For any other layer, and where tfjs's own
 * convolution is as good, the layer is left to compute itself.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {layers} from '@tensorflow/tfjs-layers';
import {activate, allEngines, engineChanges, engineFor} from '../../engines';
import {isVariable} from '../../graph';
import {importLayer, plainLayer} from '../../importers';
import {Recent} from '../recent';
import {runConvolution} from './kernel';
import {linearPartOf, type LinearPart} from './linear';
import {pays} from './pays';
import {FrameConvolution} from './replay';

type Layer = layers.Layer;

/** A model that is wrapped as a layer may look like a convolution, and be something else in training. */
const CONVOLUTIONS = new Set(['Conv1D', 'Conv2D', 'DepthwiseConv2D', 'SeparableConv2D']);

/** Input shapes that a program is kept for. */
const MOST_SHAPES = 8;

export class OnTape {
  private readonly convolutions = new Recent<FrameConvolution | null>(MOST_SHAPES, (convolution) =>
    convolution?.dispose(),
  );

  constructor(
    private readonly layer: Layer,
    /** What to call it in errors. */
    private readonly name: string,
  ) {}

  /** The layer's result; null where the layer itself is to compute. */
  call([x, ...others]: readonly tf.Tensor[]): tf.Tensor | null {
    // The gradients of a tape within a tape have to be differentiable themselves.
    if (others.length > 0 || tf.engine().state.gradientDepth > 1) return null;
    const key = `${tf.getBackend()} ${engineChanges()} ${x.shape.slice(1).join()}`;
    const convolution = this.convolutions.get(key, () => this.convolutionOver(x.shape.slice(1)));
    if (convolution === null || !pays(convolution.part, x)) return null;
    const {graph, activation} = convolution.part;
    const inputs = [x, ...graph.weights.filter(isVariable).map((weight) => weight.read())];
    if (!convolution.fits(inputs)) return null;
    return tf.tidy(() => activate(runConvolution(convolution, inputs), activation));
  }

  dispose(): void {
    this.convolutions.clear();
  }

  private convolutionOver(shape: number[]): FrameConvolution | null {
    const layer = plainLayer(this.layer);
    if (!CONVOLUTIONS.has(layer.getClassName())) return null;
    const part = this.partOver(layer, shape);
    const engine = part && engineFor(allEngines, 'auto', tf.getBackend(), part.graph);
    // Any other engine would go through the kernels that the layer itself has.
    return engine?.name === 'wasm' ? new FrameConvolution(part!, this.name, engine) : null;
  }

  private partOver(layer: Layer, shape: number[]): LinearPart | null {
    try {
      return linearPartOf(importLayer(layer, [shape]));
    } catch {
      // What the layer itself refuses, it refuses in its own words.
      return null;
    }
  }
}
