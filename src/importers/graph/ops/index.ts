/** How each TensorFlow op is put into the plan, by its name; those that are missing are left to the model. */
import type {NodeImporters} from '../use';
import {convolutions} from './convolution';
import {mergings} from './merging';
import {movings} from './moving';
import {pointwise} from './pointwise';
import {poolings} from './pooling';
import {tops} from './top';

export const importers: NodeImporters = {
  ...convolutions,
  ...poolings,
  ...pointwise,
  ...mergings,
  ...movings,
  ...tops,
};
