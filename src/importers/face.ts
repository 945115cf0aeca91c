/**
 * What a layers model computes, as far as it can be changed after it was made: `add`, `pop`, a new list of outputs. A
 * Sequential model computes what it was last built from, which tfjs keeps in a model within.
 */
import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';
import {isPlainModel} from './built-in';
import {plainLayer} from './reuse-layer';

/** The model that computes: that of a Sequential model which is built. */
export function computing(model: LayersModel): LayersModel {
  return (model as {model?: LayersModel}).model ?? model;
}

/** The tensors that one model begins and ends with. */
interface Ends {
  readonly model: LayersModel;
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
}

/** A model and those within it, as they were when it was looked at. */
export class Face {
  private readonly ends: readonly Ends[];

  constructor(model: LayersModel) {
    this.ends = modelsWithin(model).map((one) => {
      const {inputs, outputs} = computing(one);
      return {model: one, inputs: [...inputs], outputs: [...outputs]};
    });
  }

  /** Whether nothing has changed since. */
  get isCurrent(): boolean {
    for (const {model, inputs, outputs} of this.ends) {
      const now = computing(model);
      if (!areSame(now.outputs, outputs) || !areSame(now.inputs, inputs)) return false;
    }
    return true;
  }
}

function modelsWithin(model: LayersModel): LayersModel[] {
  const within = computing(model).layers.map(plainLayer).filter(isPlainModel);
  return [model, ...within.flatMap(modelsWithin)];
}

function areSame(a: readonly SymbolicTensor[], b: readonly SymbolicTensor[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
