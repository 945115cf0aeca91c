/** Values that are no activations: what the model's own nodes give, of any shape and dtype. */
import type {KnownForm, Plane, Value} from '../../graph';

/** What is known only once it is computed, or is no float32: kept as it came, for the model's own nodes and callers. */
export function isOpaque({dtype, shape, plane}: Value): boolean {
  return dtype !== 'float32' || shape === null || plane === null;
}

/** In place of a plane that is known only once it is computed: it changes as a whole. */
export const ONE_VALUE: Plane = {height: 1, width: 1, channels: 1};

/** A value's form for reports. */
export function formOf({shape, plane}: Value): KnownForm {
  return {shape: shape ?? [1], plane: plane ?? ONE_VALUE};
}
