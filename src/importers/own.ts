/**
 * A model's own methods, also where others stand in their place: a model that reuses in place has to be able to call itself. All of
 * this library's calls of a wrapped model go through here.
 */

/** By this the copies of the package in a program find what was replaced, whatever others put in its place since. */
const REPLACED = Symbol.for('tfjs-reuse.replaced');

type Method = (...args: never[]) => unknown;
type MethodsOf<M> = {[K in keyof M]: M[K] extends Method ? K : never}[keyof M];

interface Replaced {
  /** The model's own methods, by name. */
  readonly own: ReadonlyMap<PropertyKey, Method>;
  /** Who stands in their place. */
  readonly by: object;
}

function allReplaced(): WeakMap<object, Replaced> {
  return ((globalThis as {[REPLACED]?: WeakMap<object, Replaced>})[REPLACED] ??= new WeakMap());
}

/** A method of the model's own, bound to it. */
export function own<M extends object, K extends MethodsOf<M>>(model: M, name: K): M[K] {
  const method = allReplaced().get(model)?.own.get(name) ?? (model[name] as Method);
  return method.bind(model as never) as M[K];
}

/** Who stands in place of a model's methods; undefined where nobody does. */
export const standsIn = (model: object): object | undefined => allReplaced().get(model)?.by;

/**
 * Puts functions in the place of a model's methods, as properties that no loop over it sees. Of the names it has no method of, none
 * is made.
 * @param by whose functions these are
 * @returns what takes them away again. A method that somebody else has replaced since stays as it is; where that one calls
 *   the function, it calls the model's own from then on
 */
export function standIn<M extends object>(
  model: M,
  by: object,
  functions: {readonly [K in keyof M]?: M[K]},
): () => void {
  const names = (Object.keys(functions) as (keyof M)[]).filter((name) => typeof model[name] === 'function');
  const methods = new Map(names.map((name) => [name, model[name] as Method]));
  const before = names.map((name) => Object.getOwnPropertyDescriptor(model, name));
  let isOn = true;
  const values = names.map((name) => (...given: never[]) => {
    const method = isOn ? (functions[name] as Method) : methods.get(name)!;
    return method.apply(model, given);
  });
  names.forEach((name, i) =>
    Object.defineProperty(model, name, {
      value: values[i],
      configurable: true,
      writable: true,
      enumerable: false,
    }),
  );
  allReplaced().set(model, {own: methods, by});
  return () => {
    isOn = false;
    allReplaced().delete(model);
    names.forEach((name, i) => {
      if (model[name] !== (values[i] as unknown)) return;
      Reflect.deleteProperty(model, name);
      if (before[i]) Object.defineProperty(model, name, before[i]);
    });
  };
}
