/** How many inputs tfjs reads for an op; what a node has beyond them, it passes over. */
import type {TfNode} from './topology';
import type {NodeImporter} from './use';

/** How nodes of one op are imported. */
export interface OpImporter {
  /** How many inputs tfjs reads, or that they are a list, of which it takes control dependencies for a part. */
  readonly inputs: number | 'list';
  readonly importer: NodeImporter;
}

export const reads = (inputs: OpImporter['inputs'], importer: NodeImporter): OpImporter => ({
  inputs,
  importer,
});

/** Whether a node has the inputs that tfjs reads for its op, and no others. */
export function hasItsInputs({inputs, dependencies}: TfNode, expected: OpImporter['inputs']): boolean {
  return expected === 'list' ? dependencies.length === 0 : inputs.length === expected;
}
