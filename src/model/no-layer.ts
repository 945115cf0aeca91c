/**
 * A model with reuse is no layer, though the model that it wraps is one: whoever adds it to another model, or applies it, is
 * told so, in place of what tfjs would stumble over.
 */

/** What tfjs first asks of a layer that is added to a model, or wrapped by another layer. */
const ASKED = ['inboundNodes', 'built'];
const CALLED = ['apply', 'build'];

export function refuseAsLayer(prototype: object): void {
  for (const name of ASKED) Object.defineProperty(prototype, name, {get: refuse});
  for (const name of CALLED) Object.defineProperty(prototype, name, {value: refuse});
}

function refuse(): never {
  throw new Error(
    'A model with reuse is no layer of another model. Put the wrapped model there, which is its `model`, and wrap the whole: ' +
      'withReuse(whole).',
  );
}
