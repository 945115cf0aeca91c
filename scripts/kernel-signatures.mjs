/**
 * What the kernels take and return, as TypeScript: the interface of all of them; for those whose comments have `@call` a
 * function that is given by name what stays the same for a node, and returns one of what differs from call to call; and for those
 * whose comments have `@split` one that shares their list among threads.
 */

/** AssemblyScript's types of numbers, all of which are numbers in TypeScript. */
const TYPES = {usize: 'an address', i32: 'a whole number', f32: 'rounded to float32', f64: 'any number'};

/** A comment of its own right before each function. */
const FUNCTIONS = /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*export function (\w+)/g;

/**
 * @param declarations the compiler's, whose comments say what type each parameter and each result really has
 * @param sources the kernels' own, as texts; of other modules, too
 * @param names of the interface, and of the functions
 */
export function signaturesFrom(declarations, sources, {kernels: type, bind, fork}) {
  const kernels = [...declarations.matchAll(FUNCTIONS)].map(([, comment, name]) => ({
    name,
    parameters: [...comment.matchAll(/@param (\w+) `(\w+)`/g)].map(([, of, type]) => ({of, type})),
    result: /@returns `(\w+)`/.exec(comment)?.[1] ?? 'void',
  }));
  if (kernels.length === 0) throw new Error('The compiler declared no kernels.');
  const splits = splitsIn(sources).flatMap(({name, ...split}) => {
    const kernel = kernels.find((one) => one.name === name);
    return kernel ? [{kernel, ...split}] : [];
  });
  return [
    ...(splits.length > 0 ? ["import type {Forks} from './threads/forks';", ''] : []),
    ...Object.entries(TYPES).flatMap(([name, meaning]) =>
      kernels.some((kernel) => typesOf(kernel).includes(name))
        ? [`/** ${meaning} */\ntype ${name} = number;`]
        : [],
    ),
    '',
    `export interface ${type} {`,
    ...kernels.map(
      ({name, parameters, result}) => `  readonly ${name}: ${functionType(parameters, result)};`,
    ),
    '}',
    '',
    '/** Kernels with what stays the same for a node. Every call of one costs as much as one of the kernel itself. */',
    `export const ${bind} = {`,
    ...calledWith(sources).flatMap(([name, varying]) => {
      const kernel = kernels.find((one) => one.name === name);
      return kernel ? [binder(kernel, varying, type)] : [];
    }),
    '};',
    '',
    '/** Kernels that share their lists among threads where that pays, in the place of those that do not. */',
    `export const ${fork} = {`,
    ...splits.map((split) => forker(split, type)),
    '};',
  ];
}

const typesOf = ({parameters, result}) => [...parameters.map(({type}) => type), result];

/** Names of kernels, and of those of their parameters that differ from call to call. */
function calledWith(sources) {
  return sources.flatMap((source) =>
    [...source.matchAll(FUNCTIONS)].flatMap(([, comment, name]) => {
      const varying = /@call (.+)/.exec(comment)?.[1].split(' ');
      return varying ? [[name, varying]] : [];
    }),
  );
}

/**
 * Kernels whose comments say how a list may be cut: `@split COUNT by UNIT where CONDITION: PARAMETER STEP, ...`, a step being how far
 * a parameter moves on for each item, in its own unit, and UNIT items what is not cut (4, if it is left out); and `@cost`, what an item takes, in multiply-adds of a convolution.
 */
function splitsIn(sources) {
  return sources.flatMap((source) =>
    [...source.matchAll(FUNCTIONS)].flatMap(([, comment, name]) => {
      const split = /@split (\w+)(?: by (\d+))?(?: where ([^:]+))?: (.+)/.exec(comment);
      if (!split) return [];
      const [, count, unit = 4, condition, steps] = split;
      const cost = /@cost (.+)/.exec(comment)?.[1];
      if (!cost) throw new Error(`'${name}' has @split, but no @cost.`);
      const pairs = steps.split(', ').map((step) => /^(\w+) (.+)$/.exec(step).slice(1));
      return [{name, count, unit, condition, steps: new Map(pairs), cost}];
    }),
  );
}

function forker({kernel: {name, parameters}, count, unit, condition, steps, cost}, type) {
  const place = parameters.findIndex(({of}) => of === count);
  const unknown = [...steps.keys()].filter((step) => !parameters.some(({of}) => of === step));
  if (place < 0 || unknown.length > 0)
    throw new Error(`'${name}' has in its @split what it does not take: ${[count, ...unknown].join(', ')}.`);
  const small = `${count} * cost < forks.least${condition ? ` || !(${condition})` : ''}`;
  return [
    `  ${name}:`,
    `    ({${name}}: ${type}, forks: Forks, kernel: number): ${type}['${name}'] =>`,
    `    (${listed(parameters)}) => {`,
    `      const cost = ${cost};`,
    `      if (${small}) ${name}(${listed(parameters)});`,
    `      else forks.run(kernel, ${count}, cost, ${place}, ${unit}, [${listed(parameters)}], [${parameters
      .map(({of}) => steps.get(of) ?? 0)
      .join(', ')}]);`,
    '    },',
  ].join('\n');
}

function binder({name, parameters, result}, names, type) {
  const varying = parameters.filter(({of}) => names.includes(of));
  const fixed = parameters.filter(({of}) => !names.includes(of));
  if (listed(varying) !== names.join(', '))
    throw new Error(
      `'${name}' takes, in this order, ${listed(parameters)}; its @call has ${names.join(' ')}.`,
    );
  return [
    `  ${name}:`,
    `    ({${name}}: ${type}, {${listed(fixed)}}: {${typed(fixed, '; ')}}): (${functionType(varying, result)}) =>`,
    `    (${listed(varying)}) =>`,
    `      ${name}(${listed(parameters)}),`,
  ].join('\n');
}

const functionType = (parameters, result) => `(${typed(parameters, ', ')}) => ${result}`;
const typed = (parameters, separator) => parameters.map(({of, type}) => `${of}: ${type}`).join(separator);
const listed = (parameters) => parameters.map(({of}) => of).join(', ');
