/** What each node did in a frame, worked out from a stream's masks and records once they are on this side. */
import {
  computedNodes,
  definitionOf,
  type Graph,
  type KnownForm,
  type Node,
  type ValueId,
} from '../../../graph';
import {Region} from '../../../region';
import type {NodeReport} from '../../engine';
import {formOf} from '../../shared/opaque';
import {msOf} from '../device/timer';
import type {ValueLayout} from '../memory/layout';
import type {Compiled, ComputedStep} from '../schedule/compiled';
import type {Readback} from './read';

export function reportNodes(graph: Graph, {steps, layouts}: Compiled, readback: Readback): NodeReport[] {
  const byNode = new Map(steps.map((step) => [step.node.id, step]));
  return computedNodes(graph).map((node) => {
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
  step: ComputedStep,
  form: FormOf,
  changedOf: ChangedOf,
  {control, times}: Readback,
): NodeReport {
  const {record, unit, overhead} = step;
  const inputs = node.inputs.map(form);
  const output = form(node.outputs[0]);
  const definition = definitionOf(node.op);
  const whole = ({plane}: KnownForm) => Region.full(plane.height, plane.width);
  const denseMacs = definition.macs(node.op, inputs, output, inputs.map(whole), whole(output));
  const pixels = output.plane.height * output.plane.width;
  const listed = control[record + 3];
  const region = changedOf(node.outputs[0]);
  const wide = denseMacs * overhead;
  const ms = times ? msOf(record, times) : 0;
  const common = {pixels, changed: region?.area ?? 0, denseMacs, ms, engine: 'webgpu', region} as const;
  if (definition.countedBy === 'inputs') {
    const [reached, computed] = reachedShares(node, unit, changedOf);
    const own = Math.min(1, listed);
    return {
      ...common,
      affected: own,
      computed: own,
      macs: wide * computed,
      affectedMacs: denseMacs * reached,
    };
  }
  const computed = Math.ceil(listed / unit) * unit;
  return {
    ...common,
    affected: listed,
    computed: Math.min(pixels, computed),
    macs: (wide * computed) / pixels,
    affectedMacs: (denseMacs * listed) / pixels,
  };
}

/** Of work that is counted by the input's pixels: the shares that changed, and that lie in their blocks. */
function reachedShares({inputs}: Node, block: number, changedOf: ChangedOf): readonly [number, number] {
  const region = changedOf(inputs[0]);
  if (!region) return [1, 1];
  const pixels = region.height * region.width;
  const reached = region.pixels();
  const blocks = new Set(Array.from(reached, (pixel) => Math.floor(pixel / block)));
  const computed = [...blocks].reduce((sum, i) => sum + Math.min(block, pixels - i * block), 0);
  return [reached.length / pixels, computed / pixels];
}

export function regionOf({height, width, mask, maskWords}: ValueLayout, {masks}: Readback): Region {
  return new Region(height, width, masks.slice(mask, mask + maskWords));
}
