/**
 * Kernels of ops that compute each vector of each listed pixel by itself. Their code says `compute(pixel, f)`, which gives
 * it; a workgroup takes `tile` pixels, with all their vectors.
 */
import {kernel, type Fields} from './kernel';
import {ACTIVATION_FIELDS, STORES, STORES_ACTIVATED, TARGET_FIELDS} from './target';

const mainThat = (store: string) => `
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let first = group.x * p.tile;
  let pixels = min(p.tile, listed() - min(listed(), first));
  for (var item = local; item < pixels * p.vectors; item += 64u) {
    let slot = first + item / p.vectors;
    let f = item % p.vectors;
    let pixel = list[slot];
    ${store}
  }
}
`;

/** What is computed has the right lanes already, or has to have the others cleared; nothing else is applied. */
export const plainKernel = <F extends Fields>(name: string, fields: F, ...code: readonly string[]) =>
  kernel(
    name,
    'op',
    {...TARGET_FIELDS, ...fields},
    ...STORES,
    ...code,
    mainThat('storeAs(slot, pixel, f, onlyChannels(compute(pixel, f), f));'),
  );

/** An activation is applied to what is computed. */
export const activatedKernel = <F extends Fields>(name: string, fields: F, ...code: readonly string[]) =>
  kernel(
    name,
    'op',
    {...TARGET_FIELDS, ...ACTIVATION_FIELDS, ...fields},
    ...STORES_ACTIVATED,
    ...code,
    mainThat('store(slot, pixel, f, compute(pixel, f));'),
  );
