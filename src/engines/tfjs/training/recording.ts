/**
 * Frames of one stream under record in the portable engine: what each is about to overwrite is kept, and the rows of the
 * cut points. The backward pass is backward-pass.ts.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {ActivationCache} from '../../../cache';
import {planeOf, sizeOf, type Node, type ValueId} from '../../../graph';
import {Region} from '../../../region';
import type {Recording, RecordOptions} from '../../engine';
import {BREAKS, rulesFor, type Rules} from '../../shared/training/rules';
import {nodesBelow} from '../../shared/training/below';
import {checkUsable, noSpace} from '../../shared/training/usable';
import {hasKernels} from '../memory/kernels/register';
import type {Slot} from '../memory/memory';
import {reachOf} from '../step/reach';
import {PortableState} from '../state/state';
import {nodeOf, rowOf, sourceOf} from './cut-points';
import {runBackward} from './backward-pass';
import type {FrameLog, Overwritten, RecordedProgram} from './recorded';
import {checkGradients} from './unsupported';

export class PortableRecording implements Recording {
  readonly rules: Rules;
  private readonly logs: FrameLog[] = [];
  private readonly cutPoints: readonly {
    readonly id: ValueId;
    readonly node: Node | undefined;
    readonly rows: tf.Tensor[];
  }[];
  /** Values that the backward pass goes through: those that own their memory. */
  private readonly logged: ReadonlySet<ValueId>;
  private readonly version: number;
  private readonly maxBytes: number;
  private readonly keepsRows: boolean;
  private readonly backend = tf.getBackend();
  private state: PortableState | null = null;
  private open: FrameLog = new Map();
  private held = 0;
  private isOver = false;

  constructor(
    private readonly program: RecordedProgram,
    private readonly cache: ActivationCache,
    {weights, cutPoints, maxBytes, keepsRows = true}: RecordOptions,
  ) {
    const {graph, sources} = program;
    this.rules = rulesFor(graph, weights);
    const below = nodesBelow(
      graph,
      cutPoints.map((id) => sourceOf(graph, id)),
    );
    checkGradients(below, this.rules);
    this.logged = new Set(
      [...graph.inputs, ...below.flatMap(({outputs}) => outputs)].map((id) => sources[id]),
    );
    this.cutPoints = cutPoints.map((id) => ({id, node: nodeOf(graph, id), rows: []}));
    this.version = program.weights.version;
    this.maxBytes = maxBytes;
    this.keepsRows = keepsRows;
  }

  get bytes(): number {
    return this.held;
  }

  get frames(): number {
    return this.logs.length;
  }

  rows(cutPoint: number): Float32Array {
    return tf.tidy(() =>
      tf.concat(this.cutPoints[cutPoint].rows.map((row) => tf.reshape(row, [-1]))).dataSync<'float32'>(),
    );
  }

  /**
   * Readies the next frame.
   * @param changed of each input
   * @throws where it does not fit, or cannot follow the frames before it
   */
  begin(changed: readonly Region[]): void {
    this.check();
    if (this.maxBytes === Infinity) return;
    const bytes = this.bytesOfRows() + (this.frames === 0 ? 0 : this.bytesOf(changed));
    if (this.held + bytes > this.maxBytes) throw noSpace(this.frames, this.held, this.maxBytes);
  }

  check(): void {
    const {weights} = this.program;
    weights.refresh();
    checkUsable({
      isOver: this.isOver,
      sameWeights: weights.version === this.version,
      sameCache: this.frames === 0 || this.cache.content(PortableState) === this.state,
    });
    if (this.backend === tf.getBackend()) return;
    throw new Error(
      `This episode was recorded on tfjs's backend '${this.backend}', which has its activations; current is ` +
        `'${tf.getBackend()}'. Set the former with tf.setBackend().`,
    );
  }

  /** Keeps what a value holds, before these pixels are written. */
  save(value: ValueId, {tensor, plane}: Slot, region: Region): void {
    if (this.frames === 0 || !this.logged.has(value) || region.isEmpty) return;
    const pixels = region.pixels();
    const old = tf.keep(this.program.memory.gather(tensor, plane, pixels, 0));
    this.open.set(value, {region, pixels, old});
    this.held += 4 * (pixels.length + old.size);
  }

  /** Which of the recomputed pixels break, after they were written. */
  broken(value: ValueId, slot: Slot, written: Region): Region {
    const kept = this.open.get(value);
    const rule = this.rules.breaks[value];
    if (!kept || rule === BREAKS.ifDifferent) return written;
    return rule === BREAKS.unlessZero && hasKernels(tf.getBackend())
      ? this.unlessZero(slot, kept)
      : kept.region.clone();
  }

  /** The frame is computed: takes its rows. */
  end(state: PortableState): void {
    const {memory, weights, sources} = this.program;
    for (const {id, node, rows} of this.keepsRows ? this.cutPoints : []) {
      const {tensor} = state.slots.get(sources[id])!;
      const row = tf.tidy(() => memory.copy(rowOf(node, tensor, state, node ? weights.of(node.id) : {})));
      rows.push(tf.keep(row));
      this.held += 4 * row.size;
    }
    this.state = state;
    this.logs.push(this.open);
    this.open = new Map();
  }

  backward(gradients: readonly Float32Array[]): Map<number, Float32Array> {
    this.check();
    this.isOver = true;
    try {
      const cutPoints = this.cutPoints.map(({id}, i) => ({id, rows: gradients[i]}));
      return runBackward(this.program, {rules: this.rules, state: this.state!, logs: this.logs, cutPoints});
    } finally {
      this.dispose();
      this.cache.clear();
    }
  }

  dispose(): void {
    this.isOver = true;
    for (const log of [...this.logs, this.open]) log.forEach(({old}) => old.dispose());
    this.cutPoints.forEach(({rows}) => {
      rows.forEach((row) => row.dispose());
      rows.length = 0;
    });
    this.logs.length = this.held = 0;
    this.open.clear();
    this.state = null;
  }

  /** Of pixels with the same zeros before and after nothing goes further down. */
  private unlessZero({tensor, plane}: Slot, {pixels, old}: Overwritten): Region {
    const region = Region.empty(plane.height, plane.width);
    const before = old.dataSync<'float32'>();
    const after = tf.tidy(() => this.program.memory.gather(tensor, plane, pixels, 0).dataSync<'float32'>());
    const {channels} = plane;
    pixels.forEach((pixel, i) => {
      for (let k = i * channels; k < (i + 1) * channels; k++) {
        if (before[k] === 0 && after[k] === 0) continue;
        region.add(Math.floor(pixel / plane.width), pixel % plane.width, 1);
        return;
      }
    });
    return region;
  }

  private bytesOfRows(): number {
    const {values} = this.program.graph;
    if (!this.keepsRows) return 0;
    return this.cutPoints.reduce((sum, {id}) => sum + 4 * sizeOf(values[id].shape!), 0);
  }

  /** The most that a frame can overwrite. */
  private bytesOf(changed: readonly Region[]): number {
    const {graph} = this.program;
    const regions = reachOf(graph, changed);
    let bytes = 0;
    for (const value of this.logged) {
      bytes += 4 * regions[value].area * (1 + planeOf(graph.values[value]).channels);
    }
    return bytes;
  }
}
