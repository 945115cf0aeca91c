/** Where a graph is cut for training: what ends the part below, what stands above, and what cannot be cut. */
import {GraphBuilder, LINEAR, reshapeTo, type Op, type ValueId} from '../../src/graph';
import {splitGraph} from '../../src/training/split';

const CONV: Op = {
  kind: 'conv2d',
  filters: 2,
  window: {kernel: [3, 3], strides: [1, 1], dilations: [1, 1], padding: 'same'},
  activation: LINEAR,
  batchNormEpsilon: null,
};
const FLATTEN = reshapeTo([32]);
const DENSE: Op = {kind: 'dense', units: 2, activation: LINEAR};
const MEAN: Op = {kind: 'globalPool', mode: 'average'};
const RELU: Op = {kind: 'activation', activation: {name: 'relu'}};
const SUM: Op = {kind: 'merge', fn: 'add', activation: LINEAR};

/** A graph on an input of 4 × 4 pixels with 2 channels. Nodes are named as they are added. */
class Net {
  readonly builder = new GraphBuilder();
  readonly input = this.builder.input('input', [4, 4, 2]);

  node(op: Op, inputs: readonly ValueId[], name: string = op.kind): ValueId {
    return this.builder.node(op, inputs, {name})[0];
  }

  conv(input = this.input): ValueId {
    return this.node(CONV, [input]);
  }

  dense(input: ValueId, name?: string): ValueId {
    return this.node(DENSE, [this.node(FLATTEN, [input])], name);
  }

  split(...outputs: ValueId[]) {
    const {cutPoints, head} = splitGraph(this.builder.build(outputs));
    return {cutPoints, head: head.map(({name}) => name)};
  }
}

it('cuts at the first dense layers and global pools; what uses them is the head, in order', () => {
  const net = new Net();
  const first = net.dense(net.conv(), 'first');
  const second = net.node(DENSE, [net.node(RELU, [first], 'relu')], 'second');
  expect(net.split(second)).toEqual({cutPoints: [first], head: ['relu', 'second']});
});

it('cuts each branch', () => {
  const net = new Net();
  const conv = net.conv();
  const [dense, mean] = [net.dense(conv), net.node(MEAN, [net.conv(conv)])];
  const sum = net.node(SUM, [dense, mean], 'sum');
  expect(net.split(sum)).toEqual({cutPoints: [dense, mean], head: ['sum']});
});

it('has ends that are outputs themselves, and may be used above too', () => {
  const net = new Net();
  const dense = net.dense(net.conv());
  const relu = net.node(RELU, [dense], 'relu');
  expect(net.split(dense)).toEqual({cutPoints: [dense], head: ['relu']});
  expect(net.split(relu, dense)).toEqual({cutPoints: [dense], head: ['relu']});
});

it('cuts also where a plane is an output, once, whatever is computed from it', () => {
  const net = new Net();
  const conv = net.conv();
  const dense = net.dense(conv);
  expect(net.split(conv, dense, conv)).toEqual({cutPoints: [dense, conv], head: []});
  expect(net.split(net.input)).toEqual({cutPoints: [dense, net.input], head: []});
});

it('is all below where there is neither', () => {
  const net = new Net();
  const conv = net.node(RELU, [net.conv()]);
  expect(net.split(conv)).toEqual({cutPoints: [conv], head: []});
});

it('takes what combines the same end with itself', () => {
  const net = new Net();
  const mean = net.node(MEAN, [net.input]);
  expect(net.split(net.node(SUM, [mean, mean], 'twice'))).toEqual({cutPoints: [mean], head: ['twice']});
});

it('refuses what combines a cut point with what lies below, by name', () => {
  const net = new Net();
  const gate = net.node(reshapeTo([1, 1, 2]), [net.node(MEAN, [net.conv()])]);
  const gated = net.node({kind: 'merge', fn: 'multiply', activation: LINEAR}, [net.input, gate], 'excite');
  expect(() => net.split(gated)).toThrow(
    /record\(\): 'excite' combines .* a global pool .* tf\.variableGrads/,
  );
});
