/** Which policy decides for the frames of a program. */
import type {Program} from '../engines';
import {ForecastPolicy} from './forecast-policy';
import {fixedPolicy, type FramePolicy, type PolicyName} from './policy';

/** The policy 'auto' for engines that have to be tried out; null in an entry of the package that has none of these. */
export type TryOut = (() => FramePolicy) | null;

/** @param program null before the first frame */
export function policyFor(name: PolicyName, program: Program | null, tryOut: TryOut): FramePolicy {
  if (name !== 'auto') return fixedPolicy(name);
  if (!program?.tellsChange) return fixedPolicy('incremental');
  if (program.costModel) return new ForecastPolicy(program.costModel.fullMs);
  return tryOut?.() ?? fixedPolicy('incremental');
}
