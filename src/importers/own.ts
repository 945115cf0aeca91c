/**
 * A model's own methods, also where others stand in their place: a model that reuses in place has to be able to call itself. All of
 * this library's calls of a wrapped model go through here.
 */

/** What stands in a method's place has the method as this property, so that each copy of this package in a program finds it. */
const OWN = Symbol.for('tfjs-reuse.own');

type Method = ((...args: never[]) => unknown) & {readonly [OWN]?: Method};
type MethodsOf<M> = {[K in keyof M]: M[K] extends Method ? K : never}[keyof M];

/** A method of the model's own, bound to it. */
export function own<M extends object, K extends MethodsOf<M>>(model: M, name: K): M[K] {
  const method = model[name] as Method;
  return (method[OWN] ?? method).bind(model as never) as M[K];
}

/**
 * Puts functions in the place of a model's methods, as properties that no loop over it sees. Of the names it has no method of, none
 * is made.
 * @returns what takes them away again; a method that somebody else has replaced since stays as it is
 */
export function standIn<M extends object>(model: M, functions: {readonly [K in keyof M]?: M[K]}): () => void {
  const names = (Object.keys(functions) as (keyof M)[]).filter((name) => typeof model[name] === 'function');
  const before = names.map((name) => Object.getOwnPropertyDescriptor(model, name));
  for (const name of names) {
    const value = Object.assign(functions[name] as Method, {[OWN]: model[name]});
    Object.defineProperty(model, name, {value, configurable: true, writable: true, enumerable: false});
  }
  return () => {
    names.forEach((name, i) => {
      if (model[name] !== functions[name]) return;
      Reflect.deleteProperty(model, name);
      if (before[i]) Object.defineProperty(model, name, before[i]);
    });
  };
}
