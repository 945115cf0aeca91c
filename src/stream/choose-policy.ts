/** Which policy decides for the frames of a program. */
import type {Program} from '../engines';
import {ForecastPolicy} from './forecast-policy';
import {Policy, type FramePolicy, type PolicyName} from './policy';

/** @param program null before the first frame */
export function policyFor(name: PolicyName, program: Program | null): FramePolicy {
  if (name !== 'auto' || program === null) return new Policy(name);
  if (!program.tellsChange) return new Policy('incremental');
  return program.costModel ? new ForecastPolicy(program.costModel.fullMs) : new Policy(name);
}
