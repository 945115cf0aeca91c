/**
 * Back through recorded frames, the last one first. Within a frame: its rows' gradients enter at the cut points; then, from the
 * top down, the gradient that ran up on the pixels that broke in this frame is sent through the node that made them, as
 * long as the activations are those of this frame, and then the pixels are put back to what the frame before had. In the
 * first frame all pixels break. So each run of equal frames costs what breaks at its start, once.
 */
import type {Activation} from '../../../graph';
import {activationOf} from '../../shared/training/rules';
import type {StreamState} from '../memory/state';
import {activationCode} from '../ops/shared/activations';
import {CHUNK, pitchOf, TILED_CHUNK, type Flow, type WeightGradients} from '../ops/shared/backward-op';
import type {BackwardCutPoint} from '../ops/shared/cut-point';
import {endOfTiles, listSources} from '../ops/shared/lists';
import type {BackwardNode, Plan} from './plan';
import {undo} from './undo';
import type {UndoLog} from './undo-log';

export interface Recorded {
  readonly state: StreamState;
  readonly log: UndoLog;
  /** Where in the heap an entry of the log fits. */
  readonly buffer: number;
  /** Gradients of the cut points' rows. */
  readonly gradients: readonly Float32Array[];
}

/** @returns the gradient of each weight, by index; the stream's activations are those of the first frame afterwards */
export function runBackward(plan: Plan, recorded: Recorded): Map<number, Float32Array> {
  const {heap} = plan.compiled.place;
  const blocks: number[] = [];
  const allocate = (bytes: number) => {
    const block = heap.allocate(bytes);
    blocks.push(block);
    return block;
  };
  try {
    const pass = new BackwardPass(plan, recorded, allocate);
    for (let frame = recorded.log.length - 1; frame >= 0; frame--) pass.leave(frame);
    return pass.gradients();
  } finally {
    blocks.forEach((block) => heap.release(block));
  }
}

/**
 * Activations whose derivative is told by what they gave; the others need what they were given. All those that a
 * convolution applies as it writes are among them: what it computes anew is clamped already.
 */
const TOLD_BY_OUTPUT = new Set([
  'linear',
  'relu',
  'relu6',
  'clippedRelu',
  'elu',
  'selu',
  'sigmoid',
  'tanh',
  'softsign',
  'softmax',
  'logSoftmax',
]);

const isToldByOutput = (activation: Activation | null) =>
  activation === null || TOLD_BY_OUTPUT.has(activation.name);

interface BackwardStep extends BackwardNode {
  readonly activation: Activation | null;
  /** Where the gradients of its weights are summed up. */
  readonly sums: number;
}

class BackwardPass {
  private readonly flow: Flow;
  /** From the top down. */
  private readonly steps: readonly BackwardStep[];
  private readonly cutPoints: readonly BackwardCutPoint[];

  constructor(
    private readonly plan: Plan,
    private readonly recorded: Recorded,
    allocate: (bytes: number) => number,
  ) {
    const {compiled, kernels, nodes, rules} = plan;
    const {state, log, gradients} = recorded;
    const rowBytes = 4 * Math.max(...compiled.layouts.map(pitchOf));
    const tileBytes = Math.max(0, ...nodes.map(({backward}) => backward?.tileBytes ?? 0));
    const most = tileBytes > 0 ? TILED_CHUNK : CHUNK;
    this.flow = {
      at: state.at,
      gradients: allocate(state.blockBytes) - state.at,
      delta: allocate(most * rowBytes + 64),
      values: allocate(most * rowBytes + 64),
      tiles: allocate(tileBytes),
    };
    this.steps = nodes
      .map((node) => ({
        ...node,
        activation: node.part?.absorbed ?? activationOf(node.node),
        sums: node.backward ? allocate(4 * node.backward.floats + 64) : 0,
      }))
      .reverse();
    const {at, gradients: offset} = this.flow;
    this.cutPoints = plan.cutPoints.map((cutPoint, i) =>
      cutPoint.open({
        kernels,
        at,
        gradients: offset,
        frames: log.length,
        rows: gradients[i],
        needsInput: rules.needed[cutPoint.source],
        allocate,
      }),
    );
  }

  /** Leaves a frame for the one before it. */
  leave(frame: number): void {
    const {plan, cutPoints} = this;
    cutPoints.forEach((cutPoint) => cutPoint.enter?.(frame));
    cutPoints.forEach((cutPoint, i) => {
      const count = cutPoint.flush ? this.list(frame, plan.cutPoints[i].source) : 0;
      if (count > 0) cutPoint.flush!(frame, count);
    });
    for (const step of this.steps) {
      if (step.backward) this.flush(step, this.list(frame, step.value));
      this.undo(frame, step.value);
    }
    plan.inputs.forEach((value) => this.undo(frame, value));
  }

  gradients(): Map<number, Float32Array> {
    const all = new Map<number, Float32Array>();
    const {heap} = this.plan.compiled.place;
    for (const {node, backward, sums} of this.steps) {
      if (!backward?.gradients) continue;
      const first = sums >>> 2;
      addTo(all, node.weights, backward.gradients(heap.floats.subarray(first, first + backward.floats)));
    }
    this.cutPoints.forEach((cutPoint, i) => {
      const {weights} = this.plan.cutPoints[i];
      if (cutPoint.gradients) addTo(all, weights, cutPoint.gradients());
    });
    return all;
  }

  /** Lists the pixels of a value that broke in a frame; returns how many did. */
  private list(frame: number, value: number): number {
    const {compiled} = this.plan;
    const {kernels, heap, scratch} = compiled.place;
    const {ys, xs} = scratch;
    const {height, width, mask} = compiled.layouts[value];
    const {log, buffer, state} = this.recorded;
    if (frame === 0) {
      kernels.fillMask(state.at + mask, height, width);
      return kernels.listPixels(state.at + mask, height, width, ys, xs);
    }
    const entry = log.entry(frame, value);
    if (entry === null) return 0;
    heap.octets.set(entry.bytes.subarray(0, 4 * entry.count), buffer);
    this.plan.kernels.unpackPixels(buffer, entry.count, width, ys, xs);
    return entry.count;
  }

  private undo(frame: number, value: number): void {
    const {log, buffer, state} = this.recorded;
    const entry = log.entry(frame, value);
    if (entry) undo(this.plan, state, entry, buffer);
  }

  private flush(step: BackwardStep, count: number): void {
    const {place} = this.plan.compiled;
    for (let first = 0; first < count;) {
      const end = step.backward!.tileBytes
        ? endOfTiles(place, first, Math.min(first + TILED_CHUNK, count), count)
        : Math.min(first + CHUNK, count);
      this.takeDelta(step, first, end - first);
      step.backward!.flush(this.flow, first, end - first, step.sums);
      first = end;
    }
  }

  /** The gradients of some listed pixels, taken off them, before the node's activation. */
  private takeDelta(step: BackwardStep, first: number, count: number): void {
    const {compiled, kernels} = this.plan;
    const {gradients, delta, values} = this.flow;
    const {activation, backward} = step;
    const layout = compiled.layouts[step.value];
    const {channels} = layout;
    const pitch = pitchOf(layout);
    const isTold = isToldByOutput(activation);
    if (backward!.needsValues || !isTold) this.computeValues(step, first, count);
    const targets = this.address(step.value, first, count);
    const code = activation ? activationCode(activation) : 0;
    const parameter = activation?.parameter ?? 0;
    if (activation?.name === 'softmax' || activation?.name === 'logSoftmax') {
      const isLog = activation.name === 'logSoftmax' ? 1 : 0;
      kernels.softmaxDelta(targets, count, channels, gradients, isLog, delta, pitch);
    } else if (isTold) kernels.takeDelta(targets, count, channels, gradients, code, parameter, delta, pitch);
    else kernels.takeDeltaFrom(values, targets, count, channels, gradients, code, parameter, delta, pitch);
  }

  /** What the node gave before its activation. */
  private computeValues({node, part}: BackwardStep, first: number, count: number): void {
    const {kernels, scratch} = this.plan.compiled.place;
    const {at, values} = this.flow;
    if (node.op.kind !== 'activation') {
      part!.op!.compute(at, first, count, values);
      return;
    }
    const {setting} = part!;
    const [input] = setting.inputs;
    listSources(setting, at, input, first, count);
    kernels.savePixels(scratch.sources, count, input.pixelBytes, values);
  }

  /** Lists the addresses of some listed pixels. */
  private address(value: number, first: number, count: number): number {
    const {kernels, scratch} = this.plan.compiled.place;
    const {at: offset, rowBytes, pixelBytes} = this.plan.compiled.layouts[value];
    const {ys, xs, targets} = scratch;
    const skip = 4 * first;
    kernels.addressPixels(ys + skip, xs + skip, count, this.flow.at + offset, rowBytes, pixelBytes, targets);
    return targets;
  }
}

/** A weight that several nodes use has the sum of their gradients. */
function addTo(
  all: Map<number, Float32Array>,
  weights: Readonly<Record<string, number>>,
  gradients: WeightGradients,
): void {
  for (const [name, index] of Object.entries(weights)) {
    const gradient = gradients[name];
    if (!gradient) continue;
    const sum = all.get(index);
    if (sum) gradient.forEach((value, i) => (sum[i] += value));
    else all.set(index, gradient);
  }
}
