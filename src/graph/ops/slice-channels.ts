/** Some of the channels. */
import {noHalo, noMacs, samePixels, TAKES_NOTHING, type OpDefinition} from '../definition';
import {known} from '../forms';
import {readsSame} from '../reads';

/** `size` channels from `begin` on. */
export interface SliceChannelsOp {
  readonly kind: 'sliceChannels';
  readonly begin: number;
  readonly size: number;
}

export const sliceChannels: OpDefinition<SliceChannelsOp> = {
  outputs({kind, begin, size}, inputs) {
    const [{shape, plane}] = known(kind, inputs);
    const channels = shape[shape.length - 1];
    if (shape.length < 1 || shape.length > 3 || plane.channels !== channels) {
      throw new Error(
        `sliceChannels: expected [height, width, channels], [steps, channels] or [channels], a pixel having all ` +
          `channels; got [${shape.join(', ')}] of ${plane.channels} channels a pixel. Reshape first.`,
      );
    }
    if (![begin, size].every(Number.isInteger) || begin < 0 || size < 1 || begin + size > channels) {
      throw new Error(`sliceChannels: there are no ${size} channels from ${begin} on; got ${channels}.`);
    }
    return [{shape: [...shape.slice(0, -1), size]}];
  },
  affected: samePixels,
  macs: noMacs,
  reads: readsSame,
  halo: noHalo,
  effect: () => 'copy',
  takes: TAKES_NOTHING,
  gradient: () => 'none',
  handsOn: () => false,
  filter: null,
  countedBy: 'outputs',
  isComputed: true,
};
