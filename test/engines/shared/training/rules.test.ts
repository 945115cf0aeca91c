/** Which recomputed pixels break, op by op: all, those that are not 0 on both sides, or only those that differ. */
import {rulesFor, BREAKS} from '../../../../src/engines/shared/training/rules';
import {
  ACTIVATION_NAMES,
  GraphBuilder,
  LINEAR,
  reshapeTo,
  type ActivationName,
  type Op,
  type Shape,
  type ValueId,
} from '../../../../src/graph';

/** A graph whose weights nobody reads. */
class Net {
  readonly builder = new GraphBuilder();
  readonly #wanted = new Set<number>();

  input(shape: Shape = [4, 4, 2]): ValueId {
    return this.builder.input('input', shape);
  }

  node(op: Op, inputs: readonly ValueId[], weights: Readonly<Record<string, number>> = {}): ValueId {
    return this.builder.node(op, inputs, {name: op.kind, weights})[0];
  }

  /** A convolution, the gradient of whose filter is wanted or not. */
  conv(input: ValueId, name: ActivationName, isWanted: boolean): ValueId {
    const filter = this.weight(isWanted);
    return this.node(
      {
        kind: 'conv2d',
        filters: 2,
        window: windowOf(3),
        activation: {name, parameter: 1},
        batchNormEpsilon: null,
      },
      [input],
      {filter},
    );
  }

  weight(isWanted: boolean): number {
    const index = this.builder.weight({name: 'weight', shape: [], read: unread});
    if (isWanted) this.#wanted.add(index);
    return index;
  }

  rules() {
    return rulesFor(this.builder.build([]), this.#wanted);
  }
}

function unread(): never {
  throw new Error('The rules read a weight.');
}

const windowOf = (size: number) => ({
  kernel: [size, size] as const,
  strides: [1, 1] as const,
  dilations: [1, 1] as const,
  padding: 'same' as const,
});

const {all, unlessZero, ifDifferent} = BREAKS;

describe('what breaks', () => {
  it('is what differs, where no gradient is wanted at or below', () => {
    const net = new Net();
    const input = net.input();
    const frozen = net.conv(net.conv(input, 'relu', false), 'linear', false);
    net.conv(frozen, 'linear', true);
    expect(net.rules()).toEqual({
      breaks: [ifDifferent, ifDifferent, ifDifferent, all],
      active: [false, false, true],
      needed: [false, false, false, true],
    });
  });

  it('is whatever is recomputed from there up, with weights to train or none', () => {
    const net = new Net();
    const trained = net.conv(net.input(), 'linear', true);
    net.conv(net.conv(trained, 'tanh', false), 'relu', false);
    expect(net.rules()).toEqual({
      breaks: [ifDifferent, all, all, unlessZero],
      active: [true, true, true],
      needed: [false, true, true, true],
    });
  });

  it('is told for each branch by itself', () => {
    const net = new Net();
    const input = net.input();
    const frozen = net.conv(input, 'linear', false);
    const trained = net.conv(input, 'linear', true);
    const sum = net.node({kind: 'merge', fn: 'add', activation: LINEAR}, [frozen, trained]);
    const {breaks, needed} = net.rules();
    expect([frozen, trained, sum].map((id) => breaks[id])).toEqual([ifDifferent, all, all]);
    expect([frozen, trained, sum].map((id) => needed[id])).toEqual([false, true, true]);
  });

  it('is wanted by any weight of a node', () => {
    const net = new Net();
    const weights = {mean: net.weight(false), variance: net.weight(false), beta: net.weight(true)};
    const normal = net.node({kind: 'batchNorm', epsilon: 0.001}, [net.input()], weights);
    expect(net.rules().breaks[normal]).toBe(all);
  });
});

describe.each(ACTIVATION_NAMES)('%s', (name) => {
  const isDead = ['relu', 'relu6', 'clippedRelu'].includes(name);

  it(`lets ${isDead ? 'those that were and are 0 be' : 'every recomputed pixel break'}`, () => {
    const net = new Net();
    const conv = net.conv(net.input(), name, true);
    const alone = net.node({kind: 'activation', activation: {name, parameter: 1}}, [conv]);
    const sum = net.node({kind: 'merge', fn: 'add', activation: {name, parameter: 1}}, [alone, alone]);
    const {breaks} = net.rules();
    for (const id of [conv, alone, sum]) expect(breaks[id]).toBe(isDead ? unlessZero : all);
  });
});

const pad = {kind: 'pad2d', top: 1, bottom: 0, left: -1, right: 2} as const;
const upsample = (interpolation: 'nearest' | 'bilinear'): Op => ({
  kind: 'upsample2d',
  factor: [2, 2],
  interpolation,
});
const pool = (mode: 'max' | 'average'): Op => ({kind: 'pool2d', mode, window: windowOf(2)});

/** Ops, and whether they give 0 only where all that is below is 0 and has no gradient. */
const ABOVE: readonly (readonly [string, Op, boolean])[] = [
  ['a pad', pad, true],
  ['a reshape', reshapeTo([8, 4, 1]), true],
  ['a maximum over windows', pool('max'), true],
  ['nearest upsampling', upsample('nearest'), true],
  ['a mean over windows', pool('average'), false],
  ['bilinear upsampling', upsample('bilinear'), false],
  ['a batch norm', {kind: 'batchNorm', epsilon: 0.001}, false],
  ['PReLU', {kind: 'prelu'}, false],
  ['a maximum of inputs', {kind: 'merge', fn: 'maximum', activation: LINEAR}, false],
];

describe.each(ABOVE)('%s', (_, op, handsOn) => {
  const breaksAbove = (name: ActivationName) => {
    const net = new Net();
    const below = net.conv(net.input(), name, true);
    const once = net.node(op, op.kind === 'merge' ? [below, below] : [below]);
    const relu: Op = {kind: 'activation', activation: {name}};
    const later = net.node(pad, [net.node(relu, [once])]);
    const {breaks} = net.rules();
    return {once: breaks[once], later: breaks[later]};
  };

  it(`${handsOn ? 'hands' : 'does not hand'} on that 0 has no gradient`, () => {
    expect(breaksAbove('relu').once).toBe(handsOn ? unlessZero : all);
  });

  it('has none to hand on where 0 has a gradient', () => {
    expect(breaksAbove('linear').once).toBe(all);
  });

  it('does not matter above another activation', () => {
    expect(breaksAbove('relu').later).toBe(unlessZero);
    expect(breaksAbove('elu').later).toBe(all);
  });
});

describe('a concat', () => {
  it.each([
    ['of relus alone has no gradient at 0', 'relu', unlessZero],
    ['of a relu and another has one', 'linear', all],
  ] as const)('%s', (_, second, expected) => {
    const net = new Net();
    const input = net.input();
    const parts = (['relu', second] as const).map((name) => net.conv(input, name, true));
    const both = net.node({kind: 'concat', axis: 'channels'}, parts);
    expect(net.rules().breaks[both]).toBe(expected);
  });
});
