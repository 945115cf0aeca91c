/** Kernels of which some arguments are given by name: each gets all of its arguments, every one of them once. */
import {bind, type Kernels} from '../../../../src/engines/wasm/kernels';
import {builds} from './harness';

type Arguments = readonly (string | number)[];

/** Stands for each constant by its name. */
const named = new Proxy({}, {get: (_, name) => name});

test.each(Object.keys(bind) as (keyof typeof bind)[])('%s', (name) => {
  let seen: Arguments = [];
  const kernel = (...given: Arguments) => void (seen = given);
  const bound = (bind[name] as (kernels: Kernels, constants: object) => (...varying: Arguments) => void)(
    {[name]: kernel} as unknown as Kernels,
    named,
  );
  const varying = Array.from({length: bound.length}, (_, i) => i);
  bound(...varying);
  expect(seen.filter((one) => typeof one === 'number')).toEqual(varying);
  expect(new Set(seen).size).toBe(seen.length);
  for (const {kernels} of builds) expect(seen).toHaveLength(kernels[name].length);
});
