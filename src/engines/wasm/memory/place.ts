/** What all steps of a program work with. */
import type {Kernels} from '../kernels';
import type {Heap} from './heap';
import type {Scratch} from './scratch';

export interface Workplace {
  readonly kernels: Kernels;
  readonly heap: Heap;
  readonly scratch: Scratch;
}
