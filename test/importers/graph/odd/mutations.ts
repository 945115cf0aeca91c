/** A graph's main node spoilt in every way that JSON and weights allow: attributes, inputs, constants; and what the others read. Not a test. */
import type {Artifacts, NodeDef} from '../tf-graph';
import {encode} from '../tf-graph';
import {MAIN, type Base} from './bases';

/** A graph, and what was done to it. */
export interface Odd {
  readonly name: string;
  readonly artifacts: Artifacts;
}

interface Weight {
  readonly name: string;
  shape: number[];
  dtype: 'float32' | 'int32' | 'bool';
  values: number[];
}

/** A graph that can be changed freely. */
interface Draft {
  readonly nodes: (NodeDef & {input?: string[]; attr?: Record<string, object | undefined>})[];
  weights: Weight[];
}

type Change = readonly [name: string, apply: (draft: Draft) => void];

const mainOf = ({nodes}: Draft) => nodes.find(({name}) => name === MAIN)!;

export const oddOnes = (base: Base): Odd[] =>
  spoilt(base, (draft) => [...ofAttributes(draft), ...ofInputs(draft), ...ofConstants(draft)]);

/** Nodes around the main one read outputs that are not there. */
export const oddReaders = (base: Base): Odd[] => spoilt(base, ofOthers);

function spoilt({name, artifacts}: Base, changesOf: (draft: Draft) => Change[]): Odd[] {
  return changesOf(open(artifacts)).map(([what, apply]) => {
    const changed = open(artifacts);
    apply(changed);
    return {name: `${name}: ${what}`, artifacts: close(changed)};
  });
}

/** As an attribute may stand in the JSON, right or wrong. */
const ATTRIBUTES: readonly (readonly [string, object | undefined])[] = [
  ['left out', undefined],
  ['nothing', {}],
  ['an empty list', {list: {}}],
  ['text', encode('SAME')],
  ['lower case', encode('nchw')],
  ['other text', encode('NCHW')],
  ['what is no base64', {s: '%'}],
  ['0', {i: '0'}],
  ['1', {i: '1'}],
  ['2 as a number', {i: 2}],
  ['3', {i: '3'}],
  ['-1', {i: '-1'}],
  ["'1e9'", {i: '1e9'}],
  ["'2e0'", {i: '2e0'}],
  ["'0x2'", {i: '0x2'}],
  ["' 2 '", {i: ' 2 '}],
  ['1.5', {i: 1.5}],
  ['a float', {f: 0.5}],
  ['a float as text', {f: '0.5'}],
  ['a whole float', {f: 2}],
  ['NaN as text', {f: 'NaN'}],
  ['both', {i: '1', f: 0.5}],
  ['true', {b: true}],
  ['false', {b: false}],
  ['truth as text', {b: 'false'}],
  ['a dtype', {type: 'DT_INT32'}],
  ['a dtype by number', {type: 1}],
  ['a half', {type: 'DT_HALF'}],
  ['a truth value', {type: 'DT_BOOL'}],
  ['an unknown dtype', {type: 'DT_FLUFF'}],
  ['a list of ones', encode([1, 1, 1, 1])],
  ['a short list', encode([1, 2])],
  ['a long list', encode([1, 2, 2, 1, 1])],
  ['a list of zeros', encode([0, 0, 0, 0])],
  ['a list with -1', encode([1, -1, -1, 1])],
  ['a list over the channels', encode([1, 1, 1, 2])],
  ['a list over the batch', encode([2, 1, 1, 1])],
  ['threes', encode([1, 3, 3, 1])],
  ['an uneven list', encode([1, 2, 1, 1])],
  ['a list of fractions', {list: {f: [1, 1.5, 1.5, 1]}}],
  ['a list of text', {list: {i: ['1', '2e0', '2e0', '1']}}],
  ['two lists', {list: {i: ['1', '1', '1', '1'], f: [1, 2, 2, 1]}}],
  ['paddings', encode([0, 0, 1, 1, 1, 1, 0, 0])],
  ['paddings of channels', encode([0, 0, 0, 0, 1, 1, 1, 1])],
  ['negative paddings', encode([0, 0, -1, 1, 1, 1, 0, 0])],
  ['other ops', encode(['BiasAdd'])],
  ['unknown ops', encode(['BiasAdd', 'Softsign'])],
  ['ops in lower case', encode(['biasadd', 'relu'])],
  ['no bias', encode(['Relu'])],
  ['a third op', encode(['BiasAdd', 'Relu', 'Relu'])],
  ['Prelu', encode(['BiasAdd', 'Prelu'])],
];

/** Attributes that change what tfjs computes, whether the node has them or not. */
const MORE = [
  'data_format',
  'padding',
  'strides',
  'dilations',
  'constant_value',
  'alpha',
  'axis',
  'squeeze_dims',
  'N',
  'num_args',
  'leakyrelu_alpha',
];

function ofAttributes(draft: Draft): Change[] {
  const own = Object.keys(mainOf(draft).attr ?? {}).filter((key) => key !== 'T');
  return [...new Set([...own, ...MORE])].flatMap((key) =>
    ATTRIBUTES.filter(([what]) => own.includes(key) || what !== 'left out').map(([what, value]): Change => [
      `${key} is ${what}`,
      (changed) => {
        const node = mainOf(changed);
        const rest = Object.entries(node.attr!).filter(([other]) => other !== key);
        (node as {attr: object}).attr = Object.fromEntries(value ? [...rest, [key, value]] : rest);
      },
    ]),
  );
}

function ofInputs(draft: Draft): Change[] {
  const {length} = mainOf(draft).input ?? [];
  const edit =
    (change: (input: string[]) => string[]) =>
    (changed: Draft): void => {
      const node = mainOf(changed);
      (node as {input: string[]}).input = change([...node.input!]);
    };
  const each = Array.from({length}, (_, i) => i);
  return [
    ['without inputs', edit(() => [])],
    ['without its first input', edit((input) => input.slice(1))],
    ['without its last input', edit((input) => input.slice(0, -1))],
    ['one input more', edit((input) => [...input, 'before'])],
    [
      'a constant more',
      (changed) => {
        addConstant(changed, 'more', [], 'float32', [2]);
        edit((input) => [...input, 'more'])(changed);
      },
    ],
    ['one input before', edit((input) => ['before', ...input])],
    ['a dependency behind', edit((input) => [...input, '^before'])],
    ['a dependency before', edit((input) => ['^before', ...input])],
    ['backwards', edit((input) => input.reverse())],
    ['the same twice', edit((input) => [input[0], ...input])],
    ...each.flatMap((at): Change[] => [
      [
        `input ${at} of another output`,
        edit((input) => input.map((one, i) => (i === at ? `${one}:1` : one))),
      ],
      [`input ${at} by number`, edit((input) => input.map((one, i) => (i === at ? `${one}:0` : one)))],
      [`input ${at} is x`, edit((input) => input.map((one, i) => (i === at ? 'before' : one)))],
      [
        `input ${at} is x’s shape`,
        (changed) => {
          changed.nodes.push({name: 'shape', op: 'Shape', input: ['before']});
          edit((input) => input.map((one, i) => (i === at ? 'shape' : one)))(changed);
        },
      ],
    ]),
  ];
}

function ofOthers({nodes}: Draft): Change[] {
  return nodes
    .filter(({name}) => name !== MAIN)
    .flatMap(({name, input = []}) =>
      input.map((_, at): Change => [
        `${name} reads another output, as input ${at}`,
        (changed) => {
          const node = changed.nodes.find((one) => one.name === name)!;
          (node as {input: string[]}).input[at] += ':1';
        },
      ]),
    );
}

function addConstant(
  {nodes, weights}: Draft,
  name: string,
  shape: number[],
  dtype: Weight['dtype'],
  values: number[],
) {
  nodes.push({name, op: 'Const', attr: {dtype: {type: dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT'}}});
  weights.push({name, shape, dtype, values});
}

/** What may become of a constant. */
const CONSTANTS: readonly (readonly [string, (weight: Weight) => void])[] = [
  ['of the other dtype', (weight) => void (weight.dtype = weight.dtype === 'int32' ? 'float32' : 'int32')],
  ['of truth values', (weight) => void (weight.dtype = 'bool')],
  [
    'of fractions',
    (weight) => {
      weight.dtype = 'float32';
      weight.values = weight.values.map((value) => value + 0.5);
    },
  ],
  [
    'of NaN',
    (weight) => {
      weight.dtype = 'float32';
      weight.values = weight.values.map(() => NaN);
    },
  ],
  ['one more', (weight) => void (weight.values = weight.values.map((value) => value + 1))],
  ['one less', (weight) => void (weight.values = weight.values.map((value) => value - 1))],
  ['of zeros', (weight) => void (weight.values = weight.values.map(() => 0))],
  ['of ones', (weight) => void (weight.values = weight.values.map(() => 1))],
  ['of minus ones', (weight) => void (weight.values = weight.values.map(() => -1))],
  ['of nines', (weight) => void (weight.values = weight.values.map(() => 9))],
  ['backwards', (weight) => void weight.values.reverse()],
  [
    'empty',
    (weight) => {
      weight.values = [];
      weight.shape = [0];
    },
  ],
  [
    'its first alone',
    (weight) => {
      weight.values = weight.values.slice(0, 1);
      weight.shape = [];
    },
  ],
  [
    'its first as a list',
    (weight) => {
      weight.values = weight.values.slice(0, 1);
      weight.shape = [1];
    },
  ],
  [
    'without its last',
    (weight) => {
      const rest = weight.shape.slice(1).reduce((product, side) => product * side, 1);
      if (weight.shape.length === 0) return;
      weight.shape[0]--;
      weight.values = weight.values.slice(0, weight.shape[0] * rest);
    },
  ],
  [
    'twice',
    (weight) => {
      weight.shape = weight.shape.length === 0 ? [2] : [2 * weight.shape[0], ...weight.shape.slice(1)];
      weight.values = [...weight.values, ...weight.values];
    },
  ],
  [
    'the last side twice',
    (weight) => {
      const last = weight.shape.length - 1;
      if (last < 0) return;
      weight.shape[last] *= 2;
      weight.values = [...weight.values, ...weight.values];
    },
  ],
  ['flat', (weight) => void (weight.shape = [weight.values.length])],
  ['of one axis more', (weight) => void weight.shape.unshift(1)],
  // Of paddings tfjs makes a shape of text, and gigabytes.
  ['of one axis more behind', (weight) => void (weight.shape.length !== 2 && weight.shape.push(1))],
  ['of two axes more', (weight) => void weight.shape.unshift(1, 1)],
  ['of four axes more', (weight) => void weight.shape.unshift(1, 1, 1, 1)],
  ...[0, 1, 2, 3].flatMap((at): [string, (weight: Weight) => void][] =>
    [-9, -1, 0, 2, 5].map((value) => [
      `${value} at ${at}`,
      (weight) => {
        if (at < weight.values.length) weight.values[at] = value;
      },
    ]),
  ),
];

function ofConstants(draft: Draft): Change[] {
  return draft.weights.flatMap(({name}) =>
    CONSTANTS.map(([what, change]): Change => [
      `${name} ${what}`,
      ({weights}) => change(weights.find((weight) => weight.name === name)!),
    ]),
  );
}

const ARRAYS = {float32: Float32Array, int32: Int32Array, bool: Uint8Array};

function open({modelTopology, weightSpecs, weightData}: Artifacts): Draft {
  let offset = 0;
  const weights = weightSpecs!.map(({name, shape, dtype}) => {
    const size = shape.reduce((product, side) => product * side, 1);
    const array = new ARRAYS[dtype as Weight['dtype']](
      (weightData as ArrayBuffer).slice(offset, offset + 4 * size),
    );
    offset += 4 * size;
    return {name, shape: [...shape], dtype: dtype as Weight['dtype'], values: Array.from(array)};
  });
  return {nodes: structuredClone(modelTopology.node) as Draft['nodes'], weights};
}

function close({nodes, weights}: Draft): Artifacts {
  const bytes = weights.map(({dtype, values}) => Buffer.from(ARRAYS[dtype].from(values).buffer));
  return {
    modelTopology: {node: nodes as NodeDef[], versions: {producer: 1}, library: {}},
    weightSpecs: weights.map(({name, shape, dtype}) => ({name, shape, dtype})),
    weightData: Uint8Array.from(Buffer.concat(bytes)).buffer,
  };
}
