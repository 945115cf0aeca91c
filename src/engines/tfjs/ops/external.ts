/** A node that computes itself: frame/external.ts runs it. */
import type {ExternalOp} from '../../../graph';
import type {PortableOp} from './op';

export const external: PortableOp<ExternalOp> = {update: 'itself', whole: null};
