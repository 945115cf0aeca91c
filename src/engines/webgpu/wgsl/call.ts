/** A call of a kernel: its parameters, and how many workgroups it gets. Plain data, made once for a plan. */
import type {Fields, Kernel, Parameters} from './kernel';

/** As many workgroups as a node's control record says, which the GPU writes; or so many. */
export type Work = {readonly record: number} | readonly [number, number, number];

export interface Call {
  readonly kernel: Kernel;
  readonly parameters: Parameters<Fields>;
  readonly work: Work;
  /** Only where everything is computed. */
  readonly onlyFull?: boolean;
}

export function call<F extends Fields>(kernel: Kernel<F>, parameters: Parameters<F>, work: Work): Call {
  // Whoever runs calls knows no kernel's own fields: those of this one were checked here.
  return {kernel: kernel as unknown as Kernel, parameters, work};
}

/** Words of a control record: workgroups in x, y and z, as an indirect dispatch reads them, and how much is listed. */
export const RECORD_WORDS = 4;

/** The most workgroups there may be in one direction, on every device. */
export const MOST_GROUPS = 65535;

/** Workgroups for so many invocations, in two directions where one does not do. */
export function workFor(invocations: number, size = 64): readonly [number, number, number] {
  const groups = Math.max(1, Math.ceil(invocations / size));
  const rows = Math.ceil(groups / MOST_GROUPS);
  return [Math.ceil(groups / rows), rows, 1];
}
