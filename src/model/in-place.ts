/** Reuse in place: whoever holds the model goes on using that very object, whose predictions come from the reuse behind it. */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {standIn, standsIn} from '../importers';
import type {ReuseOptions} from './options';
import type {Parts} from './parts';
import {ReuseModel} from './reuse-model';
import {isLayersModel} from './wrapped';

/** The reuse behind a model. Made by `reuseInPlace`, had by `reuseOf`. */
export class ReuseInPlace<
  M extends LayersModel | GraphModel = LayersModel | GraphModel,
> extends ReuseModel<M> {
  private readonly takeAway: () => void;

  /** @internal Use `reuseInPlace`. */
  constructor(model: M, options: ReuseOptions, parts: Parts) {
    super(model, options, parts);
    this.takeAway = isLayersModel(model)
      ? standIn<LayersModel>(model, this, layersMethods(this, model))
      : standIn<GraphModel>(model as GraphModel, this, graphMethods(this, model as GraphModel));
  }

  /**
   * Gives the model its own methods back, and frees what reuse holds. The streams of the model end with it. Frames that were asked for
   * before are finished first.
   */
  restore(): void {
    this.dispose();
  }

  /** As `restore()`: the model goes on without reuse. */
  override dispose(): void {
    if (this.disposed) return;
    this.takeAway();
    super.dispose();
    this.plans.end();
  }
}

/** The reuse behind a model that reuses in place; null where it does not. */
export function reuseOf<M extends LayersModel | GraphModel>(model: M): ReuseInPlace<M> | null {
  return (standsIn(model) as ReuseInPlace<M> | undefined) ?? null;
}

function layersMethods(reuse: ReuseModel, model: LayersModel): Pick<LayersModel, 'predict' | 'dispose'> {
  return {
    predict: ((...given) => reuse.predict(...given)) as LayersModel['predict'],
    dispose: () => {
      reuse.dispose();
      return model.dispose();
    },
  };
}

type GraphMethods = 'predict' | 'predictAsync' | 'execute' | 'executeAsync' | 'dispose';

function graphMethods(reuse: ReuseModel, model: GraphModel): Pick<GraphModel, GraphMethods> {
  return {
    predict: (...given) => reuse.predict(...given),
    predictAsync: (...given) => reuse.predictAsync(...given),
    execute: (...given) => reuse.execute(...given),
    executeAsync: (...given) => reuse.executeAsync(...given),
    dispose: () => {
      reuse.dispose();
      model.dispose();
    },
  };
}
