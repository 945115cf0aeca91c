/** Channels of 0 before and behind the others. */
import type {PadChannelsOp} from '../../../graph';
import {channelsOf, lanes, nothing} from './shared/lanes';
import type {OpPlan, Setting} from './shared/op';

export const padChannels = (setting: Setting<PadChannelsOp>): OpPlan => {
  const {op, inputs} = setting;
  return lanes(setting, [...nothing(op.before), ...channelsOf(inputs[0]), ...nothing(op.after)]);
};
