/** Some channels out of all. */
import type {SliceChannelsOp} from '../../../graph';
import {channelsOf, lanes} from './shared/lanes';
import type {OpPlan, Setting} from './shared/op';

export const sliceChannels = (setting: Setting<SliceChannelsOp>): OpPlan => {
  const {op, inputs} = setting;
  return lanes(setting, channelsOf(inputs[0]).slice(op.begin, op.begin + op.size));
};
