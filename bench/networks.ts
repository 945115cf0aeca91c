/** The paper's six networks: every 4th or every 2nd row and column, and three widths of the convolutions. */
import type {Downsample} from '../examples/atari/preprocess';

export interface Network {
  readonly downsample: Downsample;
  /** Filters of the two convolutions. */
  readonly filters: readonly [number, number];
}

const FILTERS = [
  [20, 40],
  [40, 80],
  [80, 160],
] as const;

export const NETWORKS: readonly Network[] = ([4, 2] as const).flatMap((downsample) =>
  FILTERS.map((filters) => ({downsample, filters})),
);

/** As the options and the tables have it: `D4:20/40`. */
export function networkName({downsample, filters}: Network): string {
  return `D${downsample}:${filters.join('/')}`;
}

/** One of the six, in whatever case it is written. */
export function findNetwork(name: string): Network | undefined {
  return NETWORKS.find((network) => networkName(network) === name.toUpperCase());
}
