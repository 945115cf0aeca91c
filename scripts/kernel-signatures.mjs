/**
 * What the kernels take and return, as TypeScript: the interface of all of them, and for those whose comments have `@call` a
 * function that is given by name what stays the same for a node, and returns one of what differs from call to call.
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
export function signaturesFrom(declarations, sources, {kernels: type, bind}) {
  const kernels = [...declarations.matchAll(FUNCTIONS)].map(([, comment, name]) => ({
    name,
    parameters: [...comment.matchAll(/@param (\w+) `(\w+)`/g)].map(([, of, type]) => ({of, type})),
    result: /@returns `(\w+)`/.exec(comment)?.[1] ?? 'void',
  }));
  if (kernels.length === 0) throw new Error('The compiler declared no kernels.');
  return [
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
