/** Layers that are an activation and nothing else. */
import {isElementwise, type Activation, type ValueId} from '../../graph';
import {activationOf, type Activated} from '../activations';
import {emit, isLastAxis, ownPixels, type LayerImporter, type LayerUse} from './use';

function activate(use: LayerUse, activation: Activation): ValueId {
  if (activation.name === 'linear') return use.inputs[0];
  const input = isElementwise(activation) ? use.inputs[0] : ownPixels(use);
  return emit(use, {kind: 'activation', activation}, {}, [input]);
}

export const activation: LayerImporter = (use) => {
  const known = activationOf((use.layer as unknown as Activated).activation);
  return known && activate(use, known);
};

export const relu: LayerImporter = (use) => {
  const {maxValue} = use.layer as unknown as {maxValue?: number | null};
  if (maxValue === null || maxValue === undefined) return activate(use, {name: 'relu'});
  return maxValue >= 0 ? activate(use, {name: 'clippedRelu', parameter: maxValue}) : null;
};

export const leakyRelu: LayerImporter = (use) => {
  const {alpha} = use.layer as unknown as {alpha: number};
  return activate(use, {name: 'leakyRelu', parameter: alpha});
};

export const thresholdedRelu: LayerImporter = (use) => {
  const {theta} = use.layer as unknown as {theta: number};
  return activate(use, {name: 'thresholdedRelu', parameter: theta});
};

export const softmax: LayerImporter = (use) => {
  const {axis} = use.layer as unknown as {axis: number | readonly number[]};
  return isLastAxis(use, axis) ? activate(use, {name: 'softmax'}) : null;
};

export const elu: LayerImporter = (use) => activate(use, {name: 'elu'});
