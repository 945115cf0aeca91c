/** Every layer that is computed by pixels, with its configs and awkward sizes: the model's own result. */
import {backends, useBackend} from '../backends';
import {LAYER_ARITHMETIC} from './layer-arithmetic';
import {LAYER_MOVES} from './layer-moves';
import {LAYER_WINDOWS} from './layer-windows';
import {specifySweep} from './specify';

specifySweep([...LAYER_WINDOWS, ...LAYER_MOVES, ...LAYER_ARITHMETIC], backends, useBackend);
