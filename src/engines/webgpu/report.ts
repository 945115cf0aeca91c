/** What each node did in a frame, worked out from a stream's masks and records once they are on this side. */
import {ruleOf, type Graph, type KnownForm, type Node, type Value, type ValueId} from '../../graph';
import {Region} from '../../region';
import type {NodeReport} from '../engine';
import type {Compiled, ComputedStep} from './compile';
import type {ValueLayout} from './layout';

/** What is read back of a frame. */
export interface Readback {
  readonly masks: Uint32Array;
  readonly control: Uint32Array;
}

export function reportNodes(graph: Graph, {steps, layouts}: Compiled, readback: Readback): NodeReport[] {
  const byNode = new Map(steps.map((step) => [step.node.id, step]));
  return graph.nodes
    .filter(({op}) => op.kind !== 'reshape')
    .map((node) => {
      const step = byNode.get(node.id)!;
      const form = (id: ValueId) => formOf(graph.values[id]);
      const changed = (id: ValueId) => layouts[id] && regionOf(layouts[id], readback);
      return step.kind === 'computed'
        ? reportComputed(node, step, form, changed, readback)
        : reportExternal(node, form, changed);
    });
}

type FormOf = (id: ValueId) => KnownForm;
type ChangedOf = (id: ValueId) => Region | null;

function reportExternal(node: Node, form: FormOf, changed: ChangedOf): NodeReport {
  const [output] = node.outputs;
  const {height, width} = form(output).plane;
  const pixels = height * width;
  const region = changed(output);
  return {
    ...{pixels, affected: pixels, computed: pixels, changed: region?.area ?? pixels},
    ...{macs: 0, affectedMacs: 0, denseMacs: 0, ms: 0, engine: 'model', region},
  };
}

function reportComputed(
  node: Node,
  {record, unit}: ComputedStep,
  form: FormOf,
  changedOf: ChangedOf,
  {control}: Readback,
): NodeReport {
  const inputs = node.inputs.map(form);
  const output = form(node.outputs[0]);
  const rule = ruleOf(node.op);
  const whole = ({plane}: KnownForm) => Region.full(plane.height, plane.width);
  const denseMacs = rule.macs(node.op, inputs, output, inputs.map(whole), whole(output));
  const pixels = output.plane.height * output.plane.width;
  const listed = control[record + 3];
  const isReduced = node.op.kind === 'dense' || node.op.kind === 'globalPool';
  const affected = isReduced ? Math.min(1, listed) : listed;
  const region = changedOf(node.outputs[0]);
  const reached = isReduced ? reachedShare(node, changedOf) : affected / pixels;
  // Whole units are computed, with all lanes of their vectors.
  const computed = isReduced ? affected : Math.ceil(listed / unit) * unit;
  return {
    pixels,
    affected,
    computed: Math.min(pixels, computed),
    changed: region?.area ?? 0,
    macs: isReduced ? denseMacs * reached : (denseMacs * computed * lanes(node, inputs, output)) / pixels,
    affectedMacs: denseMacs * reached,
    denseMacs,
    ms: 0,
    engine: 'webgpu',
    region,
  };
}

/** Products computed for each that is needed: channels are taken in whole vectors. */
function lanes({op}: Node, [input]: readonly KnownForm[], output: KnownForm): number {
  const share = ({plane: {channels}}: KnownForm) => (4 * Math.ceil(channels / 4)) / channels;
  if (op.kind === 'conv2d' || op.kind === 'conv2dTranspose') return share(input) * share(output);
  return op.kind === 'depthwiseConv2d' ? share(output) : 1;
}

/** A reduction's products are counted by the input's pixels. */
function reachedShare({inputs}: Node, changedOf: ChangedOf): number {
  const region = changedOf(inputs[0]);
  return region ? region.area / (region.height * region.width) : 1;
}

/** A value that is known only once it is computed changes as a whole. */
function formOf({shape, plane}: Value): KnownForm {
  return {shape: shape ?? [1], plane: plane ?? {height: 1, width: 1, channels: 1}};
}

export function regionOf({height, width, mask, maskWords}: ValueLayout, {masks}: Readback): Region {
  return new Region(height, width, masks.slice(mask, mask + maskWords));
}
