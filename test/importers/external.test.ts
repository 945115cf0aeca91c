/** Layers that a graph does not know: classes of the user's, subclasses, masks, and layers that wrap others. */
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  layers,
  LayersModel,
  model as modelOf,
  sequential,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import {readWeight, type ExternalOp, type Graph} from '../../src/graph';
import {importLayer, importLayersModel, isReuseLayer, WRAPPED_LAYER} from '../../src/importers';
import {plainLayer} from '../../src/importers/reuse-layer';
import {expectClose, expectSame, frameFor, kinds, nodeNamed, shapesOf, single} from './helpers';
import {interpret} from './interpret';

beforeAll(() => tf.setBackend('cpu'));

type Layer = layers.Layer;
const Conv2D = layers.conv2d({filters: 1, kernelSize: 1, name: 'x'}).constructor as new (
  args: object,
) => Layer;
const Masking = layers.masking({name: 'x'}).constructor as new (args: object) => Layer;

function external(graph: Graph): ExternalOp {
  const found = graph.nodes.filter(({op}) => op.kind === 'external');
  expect(found.length).toBe(1);
  return found[0].op as ExternalOp;
}

/** Multiplies by a weight of its own, and says what it was called with. */
class Scale extends layers.Layer {
  static className = 'Scale';
  readonly seen: {inputs: unknown; kwargs: unknown}[] = [];
  private factor?: {read(): tf.Tensor};
  override build(): void {
    const add = (this as unknown as {addWeight(...args: unknown[]): never}).addWeight.bind(this);
    this.factor = add('factor', [1], 'float32', {apply: () => tf.tensor1d([3])});
    this.built = true;
  }
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: object): tf.Tensor {
    this.seen.push({inputs, kwargs});
    const [x] = [inputs].flat();
    return tf.mul(x, this.factor!.read());
  }
}

/** Gives its input and its double. */
class Twice extends layers.Layer {
  static className = 'Twice';
  override computeOutputShape(shape: number[]): number[][] {
    return [shape, [...shape.slice(0, -1), 2 * shape[shape.length - 1]]];
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
    const [x] = [inputs].flat();
    return [x, tf.concat([x, x], -1)];
  }
}

test('a class of the user runs as its model runs it, and nothing is known of it', () => {
  const layer = new Scale({name: 'scale'});
  const model = single(layer, [4, 3, 2]);
  const graph = expectSame(model);
  expect(external(graph)).toMatchObject({label: 'Scale', pure: false, rowwise: false, batched: true});
  const [byModel, byGraph] = layer.seen;
  expect(byGraph.kwargs).toEqual(byModel.kwargs);
  expect(Array.isArray(byGraph.inputs)).toBe(Array.isArray(byModel.inputs));
  const [weight] = graph.weights;
  expect(Object.values(graph.nodes[0].weights)).toEqual([0]);
  expect(weight.name).toBe(layer.weights[0].name);
  layer.setWeights([tf.tensor1d([5])]);
  expect([...readWeight(weight)]).toEqual([5]);
});

test('a layer of several outputs, one of which nobody needs', () => {
  const x = input({shape: [4, 3, 2]});
  const [same, double] = new Twice({name: 'twice'}).apply(x) as SymbolicTensor[];
  expect(expectSame(modelOf({inputs: x, outputs: [double, same]})).values.map(({name}) => name)).toContain(
    'twice:1',
  );
  const graph = expectSame(modelOf({inputs: x, outputs: layers.reLU().apply(double) as SymbolicTensor}));
  expect(kinds(graph)).toEqual(['external', 'activation']);
});

test('a subclass, a class of a known name and a layer whose call was replaced are not tfjs’s own', () => {
  class Mine extends Conv2D {
    static className = 'Mine';
  }
  class Flatten extends layers.Layer {
    static className = 'Flatten';
  }
  const replaced = layers.reLU({}) as Layer;
  replaced.call = (inputs) => tf.neg([inputs].flat()[0]);
  for (const layer of [new Mine({filters: 2, kernelSize: 3}), new Flatten({}), replaced]) {
    expect(external(expectSame(single(layer, [5, 5, 2])))).toMatchObject({pure: false, rowwise: false});
  }
});

test('a known layer with an activation of the user’s is not known to be pure', () => {
  const layer = layers.conv2d({filters: 2, kernelSize: 3}) as Layer;
  const Base = Object.getPrototypeOf((layer as unknown as {activation: object}).activation.constructor);
  class Cube extends Base {
    static className = 'cube';
    apply(x: tf.Tensor): tf.Tensor {
      return tf.pow(x, 3);
    }
  }
  const own = layers.conv2d({filters: 2, kernelSize: 3, activation: new Cube() as never}) as Layer;
  expect(external(expectSame(single(own, [5, 5, 2])))).toMatchObject({pure: false, rowwise: false});
});

test('a stateful layer is not pure; a wrapper is as pure as what it wraps', () => {
  const recurrent = {units: 2, recurrentInitializer: 'glorotNormal' as const};
  const stateful = layers.lstm({...recurrent, stateful: true, batchInputShape: [1, 4, 3]}) as Layer;
  const model = sequential({layers: [stateful]});
  expect(external(importLayersModel(model, [[4, 3]])).pure).toBe(false);
  const wrap = (layer: Layer) => layers.timeDistributed({layer}) as Layer;
  expect(external(importLayersModel(single(wrap(new Scale({})), [4, 3]), [[4, 3]])).pure).toBe(false);
  expect(external(importLayersModel(single(wrap(layers.reLU() as Layer), [4, 3]), [[4, 3]])).pure).toBe(true);
});

test('a layer over the batch axis is not taken row by row', () => {
  const layer = layers.softmax({axis: [0, 1] as unknown as number}) as Layer;
  expect(external(importLayersModel(single(layer, [3]), [[3]]))).toMatchObject({pure: true, rowwise: false});
  const joined = single(layers.concatenate({axis: 0}) as Layer, [3], [3]);
  expect(() => importLayersModel(joined, [[3], [3]])).toThrow(/changes the batch axis/);
});

test('a layer that says one shape and gives another is named', () => {
  class Liar extends Twice {
    static override className = 'Liar';
    override computeOutputShape(shape: number[]): number[][] {
      return [shape, shape];
    }
  }
  const x = input({shape: [4, 3, 2]});
  const model = modelOf({inputs: x, outputs: new Liar({name: 'liar'}).apply(x) as SymbolicTensor[]});
  const graph = importLayersModel(model, shapesOf(model));
  expect(() => interpret(graph, frameFor(model, shapesOf(model)))).toThrow(
    /'liar' \(Liar\).*\[1, 4, 3, 4\].*\[1, 4, 3, 2\]/,
  );
});

test('a layer that is not built is refused', () => {
  expect(() => importLayer(new Scale({name: 'scale'}), [[2]])).toThrow(/'scale' is not built/);
});

describe('masks', () => {
  test.each([
    [
      'masking',
      () => [
        layers.masking({maskValue: 0, inputShape: [5, 3]}),
        layers.lstm({units: 2, recurrentInitializer: 'glorotNormal'}),
      ],
      true,
    ],
    [
      'embedding',
      () => [
        layers.inputLayer({inputShape: [5], dtype: 'int32'}),
        layers.embedding({inputDim: 4, outputDim: 3, maskZero: true}),
        layers.simpleRNN({units: 2, recurrentInitializer: 'glorotNormal'}),
      ],
      true,
    ],
    [
      'a subclass',
      () => [
        new (class extends Masking {})({maskValue: 0, inputShape: [5, 3]}),
        layers.simpleRNN({units: 2, recurrentInitializer: 'glorotNormal'}),
      ],
      false,
    ],
  ])('%s makes the model one node', (_name, make, pure) => {
    const model = sequential({name: 'masked', layers: make() as Layer[]});
    const graph = expectSame(model);
    expect(kinds(graph)).toEqual(['external']);
    expect(external(graph)).toMatchObject({pure, rowwise: pure});
    expect(graph.nodes[0].name).toBe('masked');
    expect(graph.weights.length).toBe(model.weights.length);
  });

  test('in a model inside of the model, too', () => {
    const inner = sequential({
      layers: [
        layers.masking({inputShape: [5, 3]}),
        layers.gru({units: 2, recurrentInitializer: 'glorotNormal'}),
      ] as Layer[],
    });
    const x = input({shape: [5, 3]});
    expect(kinds(expectSame(modelOf({inputs: x, outputs: inner.apply(x) as SymbolicTensor})))).toEqual([
      'external',
    ]);
  });

  test('layers that only hand a mask on are no reason', () => {
    class Sum extends (layers.add({name: 'x'}).constructor as new (args: object) => Layer) {
      static className = 'Sum';
    }
    const graph = expectSame(single(new Sum({}), [4, 3], [4, 3]));
    expect(graph.nodes[0].name).toMatch(/^sum/);
  });
});

test('a model with a call of its own is left whole', () => {
  class Own extends LayersModel {
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
      return [tf.neg([inputs].flat()[0])];
    }
  }
  const a = input({shape: [4, 3, 2]});
  const inner = new Own({inputs: a, outputs: layers.reLU().apply(a) as SymbolicTensor, name: 'own'});
  const x = input({shape: [4, 3, 2]});
  const graph = expectSame(modelOf({inputs: x, outputs: inner.apply(x) as SymbolicTensor}));
  expect(external(graph).pure).toBe(false);
});

test('a layer that wraps another for reuse is imported as that one, under its own name', () => {
  class IncrementalConv extends layers.Layer {
    static className = 'IncrementalConv';
    readonly wrapped = layers.conv2d({filters: 2, kernelSize: 3, name: 'inner'}) as Layer;
    get [WRAPPED_LAYER](): Layer {
      return this.wrapped;
    }
    override build(shape: number[]): void {
      this.wrapped.build(shape);
      this.built = true;
    }
    override get weights() {
      return this.wrapped.weights;
    }
    override computeOutputShape(shape: number[]): number[] {
      return this.wrapped.computeOutputShape(shape) as number[];
    }
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      return this.wrapped.apply(inputs) as tf.Tensor;
    }
  }
  const layer = new IncrementalConv({name: 'outer'});
  const model = single(layer, [5, 5, 2]);
  expect(isReuseLayer(layer)).toBe(true);
  expect(isReuseLayer(layer.wrapped)).toBe(false);
  expect(plainLayer(layer)).toBe(layer.wrapped);
  expect(nodeNamed(expectSame(model), 'outer').op.kind).toBe('conv2d');
  expectClose(interpret(importLayer(layer, [[5, 5, 2]]), frameFor(model, [[5, 5, 2]])), [
    model.predict(frameFor(model, [[5, 5, 2]])) as tf.Tensor,
  ]);
});
