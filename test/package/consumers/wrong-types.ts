/** Compiled, never run: what is no model, layer or region is refused, so the types are not `any`. */
import {propagate, withReuse} from 'tfjs-reuse';

// @ts-expect-error: a number is no model
withReuse(3);

// @ts-expect-error: a list is no region
propagate([], {input: [8, 8], kernel: [3, 3]});
