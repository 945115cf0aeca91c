/**
 * What the definitions of ops say of regions, kind by kind: what a change affects, against brute force in float64; what an
 * output reads and the halo, against what a change affects.
 */
import fc from 'fast-check';
import {
  definitionOf,
  definitions,
  GraphBuilder,
  planeOf,
  type Graph,
  type KnownForm,
  type OpKind,
  type Plane,
} from '../../src/graph';
import {Region} from '../../src/region';
import {numbers} from '../importers/helpers';
import {float64} from '../reference/float64';
import {sample} from '../scale';
import {CASES, type Case} from './ops/cases';

const KINDS = Object.keys(definitions) as OpKind[];
const casesOf = (kind: OpKind): fc.Arbitrary<Case> => CASES[kind];

const sizeOf = ({height, width, channels}: Plane) => height * width * channels;
const wholeOf = ({height, width}: Plane) => Region.full(height, width);

interface Made {
  readonly graph: Graph;
  readonly inputs: readonly KnownForm[];
  readonly output: KnownForm;
}

/** A graph of the one node, whose weights are random. */
function graphOf({op, planes, weights = {}}: Case): Made {
  const builder = new GraphBuilder();
  const shapeOf = (plane: Plane) =>
    op.kind === 'dense' ? [sizeOf(plane)] : [plane.height, plane.width, plane.channels];
  const inputs = planes.map((plane) => ({shape: shapeOf(plane), plane}));
  const ids = inputs.map(({shape, plane}, i) => {
    const id = builder.input(`x${i}`, shape);
    const seen = {kind: 'reshape', shape, plane} as const;
    return op.kind === 'dense' ? builder.node(seen, [id], {name: 'seen'})[0] : id;
  });
  const slots = Object.entries(weights).map(([name, shape], i) => {
    const count = shape.reduce((a, b) => a * b, 1);
    const values = () => numbers(count, 50 + i).map((value) => (name === 'variance' ? value + 1.5 : value));
    return [name, builder.weight({name, shape, values})];
  });
  const [y] = builder.node(op, ids, {name: 'y', weights: Object.fromEntries(slots)});
  const {shape} = builder.value(y);
  return {graph: builder.build([y]), inputs, output: {shape: shape!, plane: planeOf(builder.value(y))}};
}

function someOf({height, width}: Plane, share: number, seed: number): Region {
  const chosen = numbers(height * width, seed).map((value) => Number((value + 1) / 2 < share));
  return Region.fromMask(height, width, chosen);
}

function withChange(values: Float32Array, {channels}: Plane, region: Region, seed: number): Float32Array {
  const other = numbers(values.length, seed);
  const mask = region.toMask();
  return values.map((value, i) => (mask[Math.floor(i / channels)] ? other[i] : value));
}

function differing(a: Float64Array, b: Float64Array, {height, width, channels}: Plane): Region {
  const mask = new Uint8Array(height * width);
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) mask[Math.floor(i / channels)] = 1;
  return Region.fromMask(height, width, mask);
}

const computed = KINDS.filter((kind) => kind !== 'external');

test.each(computed)('a change reaches exactly the outputs of %s that brute force finds', (kind) => {
  fc.assert(
    fc.property(casesOf(kind), fc.constantFrom(0, 0.05, 0.3, 1), fc.nat(10_000), (given, share, seed) => {
      const {op, planes} = given;
      const {graph, inputs, output} = graphOf(given);
      const changed = planes.map((plane, i) => someOf(plane, share, seed + i));
      const before = planes.map((plane, i) => numbers(sizeOf(plane), seed + 10 + i));
      const after = before.map((values, i) => withChange(values, planes[i], changed[i], seed + 20 + i));
      const [[a], [b]] = [before, after].map((frame) => float64(graph, frame));
      const definition = definitionOf(op);
      const affected = definition.affected(op, inputs, output, changed);
      expect([...affected.toMask()]).toEqual([...differing(a, b, output.plane).toMask()]);
      const whole = definition.macs(op, inputs, output, planes.map(wholeOf), wholeOf(output.plane));
      const macs = definition.macs(op, inputs, output, changed, affected);
      expect(macs).toBeGreaterThanOrEqual(0);
      expect(macs).toBeLessThanOrEqual(whole);
    }),
    sample(100),
  );
});

type Axis = 0 | 1;
const AXES = [0, 1] as const;
const sideOf = ({height, width}: Plane, axis: Axis) => (axis === 0 ? height : width);
const count = (n: number) => Array.from({length: n}, (_, i) => i);

/** All places that an output reads of an input along an axis, in the plane or not; null for all there are. */
function readsOf(
  {op, planes}: Case,
  output: Plane,
  index: number,
  axis: Axis,
): (at: number) => number[] | null {
  const reads = definitionOf(op).reads(op, {axis, input: planes[index], output, index, inputs: planes});
  return (at) => {
    const taps = reads(at);
    return taps === 'all' ? null : count(taps.count).map((k) => taps.first + k * taps.step);
  };
}

/** One row or column, whole. */
const line = ({height, width}: Plane, axis: Axis, at: number) =>
  Region.fromRects(height, width, [
    axis === 0 ? {y: at, x: 0, height: 1, width} : {y: 0, x: at, height, width: 1},
  ]);

const linesOf = (region: Region, axis: Axis): number[] => {
  const lines = region
    .pixels()
    .map((pixel) => (axis === 0 ? Math.floor(pixel / region.width) : pixel % region.width));
  return [...new Set(lines)].sort((a, b) => a - b);
};

test.each(KINDS)('an output of %s reads the lines whose change affects it', (kind) => {
  fc.assert(
    fc.property(casesOf(kind), (given) => {
      const {op, planes} = given;
      const {inputs, output} = graphOf(given);
      planes.forEach((plane, index) => {
        for (const axis of AXES) {
          const reads = readsOf(given, output.plane, index, axis);
          const across = readsOf(given, output.plane, index, axis === 0 ? 1 : 0);
          const side = sideOf(plane, axis === 0 ? 1 : 0);
          const readsAny = count(sideOf(output.plane, axis === 0 ? 1 : 0)).some(
            (at) => across(at)?.some((place) => place >= 0 && place < side) ?? true,
          );
          for (const at of count(sideOf(plane, axis))) {
            const changed = planes.map((other, i) =>
              i === index ? line(plane, axis, at) : Region.empty(other.height, other.width),
            );
            const affected = linesOf(definitionOf(op).affected(op, inputs, output, changed), axis);
            const readers = count(sideOf(output.plane, axis)).filter((y) => reads(y)?.includes(at) ?? true);
            // A reshape that moves pixels to other rows says that it reads all columns.
            if (kind === 'reshape' && reads(0) === null)
              expect(readers).toEqual(expect.arrayContaining(affected));
            else
              expect({index, axis, at, affected}).toEqual({
                index,
                axis,
                at,
                affected: readsAny ? readers : [],
              });
          }
        }
      });
    }),
    sample({short: 25, ci: 60, long: 300}),
  );
});

test.each(['conv2d', 'depthwiseConv2d', 'conv2dTranspose'] as const)(
  'no output of %s reads past the halo',
  (kind) => {
    fc.assert(
      fc.property(casesOf(kind), (given) => {
        const {op, planes} = given;
        const {output} = graphOf(given);
        const [plane] = planes;
        const halo = definitionOf(op).halo(op, plane)!;
        for (const axis of AXES) {
          const reads = readsOf(given, output.plane, 0, axis);
          const places = count(sideOf(output.plane, axis)).flatMap((at) => reads(at)!);
          const [before, after] = axis === 0 ? [halo.top, halo.bottom] : [halo.left, halo.right];
          expect(Math.min(0, ...places)).toBeGreaterThanOrEqual(-before);
          expect(Math.max(0, ...places)).toBeLessThan(sideOf(plane, axis) + after);
        }
      }),
      sample(100),
    );
  },
);
