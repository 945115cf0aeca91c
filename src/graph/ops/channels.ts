/** Ops that move channels: some of them, and from channels to pixels. */
import {receptiveField, resolveWindow} from '../../region';
import {expectRank, known, noMacs, type Rule} from '../rule';

/** `size` channels from `begin` on. */
export interface SliceChannelsOp {
  readonly kind: 'sliceChannels';
  readonly begin: number;
  readonly size: number;
}

/**
 * [H, W, C] to [H·b, W·b, C/b²], in TensorFlow's order: pixel (y, x) takes the channels from
 * ((y mod b)·b + x mod b)·C/b² on of pixel (⌊y/b⌋, ⌊x/b⌋).
 */
export interface DepthToSpaceOp {
  readonly kind: 'depthToSpace';
  readonly block: number;
}

/** Channels of zeros before and behind those there are. */
export interface PadChannelsOp {
  readonly kind: 'padChannels';
  readonly before: number;
  readonly after: number;
}

export const sliceChannels: Rule<SliceChannelsOp> = {
  outputs(op, inputs) {
    const [{shape, plane}] = known(op.kind, inputs);
    const channels = shape[shape.length - 1];
    if (shape.length < 1 || shape.length > 3 || plane.channels !== channels) {
      throw new Error(
        `sliceChannels: expected [height, width, channels], [steps, channels] or [channels], a pixel having all ` +
          `channels; got [${shape.join(', ')}] of ${plane.channels} channels a pixel. Reshape first.`,
      );
    }
    const {begin, size} = op;
    if (![begin, size].every(Number.isInteger) || begin < 0 || size < 1 || begin + size > channels) {
      throw new Error(`sliceChannels: there are no ${size} channels from ${begin} on; got ${channels}.`);
    }
    return [{shape: [...shape.slice(0, -1), size]}];
  },
  affected: (_op, _inputs, _output, [changed]) => changed,
  macs: noMacs,
};

export const depthToSpace: Rule<DepthToSpaceOp> = {
  outputs(op, inputs) {
    const [{shape}] = known(op.kind, inputs);
    expectRank(op.kind, shape, 3, 'height, width, channels');
    const {block} = op;
    const [height, width, channels] = shape;
    if (!Number.isInteger(block) || block < 1 || channels % (block * block) !== 0) {
      throw new Error(
        `depthToSpace: expected a block whose square divides the ${channels} channels, got ${block}.`,
      );
    }
    return [{shape: [height * block, width * block, channels / (block * block)]}];
  },
  affected({block}, _inputs, {plane}, [changed]) {
    const window = resolveWindow({
      input: [plane.height, plane.width],
      kernel: [block, block],
      strides: [block, block],
      padding: 'valid',
    });
    return receptiveField(changed, window);
  },
  macs: noMacs,
};

export const padChannels: Rule<PadChannelsOp> = {
  outputs({kind, before, after}, inputs) {
    const [{shape}] = known(kind, inputs);
    expectRank(kind, shape, 3, 'height, width, channels');
    if (![before, after].every((count) => Number.isInteger(count) && count >= 0)) {
      throw new Error(`padChannels: expected whole numbers of channels, got ${before} and ${after}.`);
    }
    return [{shape: [shape[0], shape[1], before + shape[2] + after]}];
  },
  affected: (_op, _inputs, _output, [changed]) => changed,
  macs: noMacs,
};
