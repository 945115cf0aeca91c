/** What a node did in a frame, worked out from its regions when somebody asks. */
import {definitionOf, sizeOf, type KnownForm, type Node} from '../../../graph';
import {Region} from '../../../region';
import type {NodeReport} from '../../engine';
import {opOf} from '../ops';

export interface NodeTrace {
  readonly node: Node;
  /** The inputs' changed pixels. */
  readonly changed: readonly Region[];
  /** Null where nothing reached the node. */
  affected: Region | null;
  computed: number;
  written: Region | null;
  ms: number;
}

export function reportOf(
  {node, changed, affected, computed, written, ms}: NodeTrace,
  forms: readonly KnownForm[],
): NodeReport {
  const inputs = node.inputs.map((id) => forms[id]);
  const output = forms[node.outputs[0]];
  const known = [...inputs, output].every(({plane}) => plane !== null);
  const definition = definitionOf(node.op);
  const whole = ({plane}: KnownForm) => Region.full(plane.height, plane.width);
  const denseMacs = known ? definition.macs(node.op, inputs, output, inputs.map(whole), whole(output)) : 0;
  const affectedMacs = known && affected ? definition.macs(node.op, inputs, output, changed, affected) : 0;
  const reached = affected?.area ?? 0;
  return {
    pixels: output.plane ? sizeOf([output.plane.height, output.plane.width]) : 1,
    affected: reached,
    computed,
    changed: written?.area ?? 0,
    macs: reached > 0 ? Math.min(denseMacs, (affectedMacs * computed) / reached) : 0,
    affectedMacs,
    denseMacs,
    ms,
    engine: opOf(node.op).update === 'itself' ? 'model' : 'tfjs',
    region: written ?? (output.plane && Region.empty(output.plane.height, output.plane.width)),
  };
}
