/** Layer normalization as TensorFlow and Keras write it into graphs. Not a test. */
import type {TfGraph} from './tf-graph';

/**
 * How its last summand is written: `batch_normalization` of TensorFlow subtracts from beta, Keras adds it to what is
 * negative.
 */
export const FORMS = ['subtracted', 'negative'] as const;

export interface LayerNormalized {
  readonly form?: (typeof FORMS)[number];
  readonly axis?: number;
  readonly keeps?: boolean;
  readonly epsilon?: number;
  readonly epsilonShape?: readonly number[];
  /** Shapes of the constants; null for none. */
  readonly gamma?: readonly number[] | null;
  readonly beta?: readonly number[] | null;
  /** Whether every sum and product has its terms the other way around. */
  readonly swaps?: boolean;
  readonly sum?: 'Add' | 'AddV2';
  readonly root?: 'Rsqrt' | 'Sqrt';
  /** What the squares, and what the last summand, are taken of, where that is not as it should be. */
  readonly squared?: (mean: string) => readonly [string, string];
  readonly shifted?: (mean: string, factor: string) => readonly [string, string];
}

export function layerNormalized(g: TfGraph, x: string, given: LayerNormalized = {}): string {
  const {form = 'subtracted', axis = -1, keeps = true, epsilon = 0.001, swaps = false, sum = 'AddV2'} = given;
  const {gamma = [3], beta = [3], root = 'Rsqrt', epsilonShape = []} = given;
  const pair = (op: string, a: string, b: string) => g.node(op, swaps ? [b, a] : [a, b]);
  const meanOf = (of: string) => g.node('Mean', [of, g.integers([axis])], {keep_dims: keeps});
  const mean = meanOf(x);
  const [a, b] = given.squared?.(mean) ?? [x, mean];
  const variance = meanOf(pair('SquaredDifference', a, b));
  const constant = g.floats(
    epsilonShape,
    new Array<number>(epsilonShape.reduce((n, side) => n * side, 1)).fill(epsilon),
  );
  const inverse = g.node(root, [pair(sum, variance, constant)]);
  const factor = gamma ? pair('Mul', inverse, g.floats(gamma)) : inverse;
  const [c, d] = given.shifted?.(mean, factor) ?? [mean, factor];
  const product = pair('Mul', x, factor);
  if (beta && form === 'subtracted')
    return pair(sum, product, g.node('Sub', [g.floats(beta), pair('Mul', c, d)]));
  const negative = pair('Mul', g.node('Neg', [c]), d);
  return pair(sum, product, beta ? pair(sum, negative, g.floats(beta)) : negative);
}
