/** Every layer that is computed by pixels, with its configs and awkward sizes: the model's own result. */
import {backends, useBackend} from '../backends';
import {LAYERS} from './layers-table';
import {specifySweep} from './specify';

specifySweep(LAYERS, backends, useBackend);
