/** Which policy decides for the frames of a program. */
import type {Program} from '../engines';
import {AutoPolicy} from './auto/auto-policy';
import type {Ledger} from './auto/ledger';
import {fixedPolicy, type FramePolicy, type PolicyName} from './policy';

/**
 * @param program null before the first frame
 * @param ledger what was lost, also with programs before
 */
export function policyFor(name: PolicyName, program: Program | null, ledger: Ledger): FramePolicy {
  if (name !== 'auto') return fixedPolicy(name);
  if (!program?.tellsChange) return fixedPolicy('incremental');
  return new AutoPolicy(program.costModel?.fullMs ?? null, ledger);
}
