/** Channels of zeros before and behind those there are. */
import {noHalo, noMacs, samePixels, TAKES_NOTHING, type OpDefinition} from '../definition';
import {expectRank, known} from '../forms';
import {readsSame} from '../reads';

export interface PadChannelsOp {
  readonly kind: 'padChannels';
  readonly before: number;
  readonly after: number;
}

export const padChannels: OpDefinition<PadChannelsOp> = {
  outputs({kind, before, after}, inputs) {
    const [{shape}] = known(kind, inputs);
    expectRank(kind, shape, 3, 'height, width, channels');
    if (![before, after].every((count) => Number.isInteger(count) && count >= 0)) {
      throw new Error(`padChannels: expected whole numbers of channels, got ${before} and ${after}.`);
    }
    return [{shape: [shape[0], shape[1], before + shape[2] + after]}];
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
