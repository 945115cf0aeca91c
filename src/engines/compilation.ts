/** A compiled graph, and the one place that says when it has to be compiled anew. */
import {getBackend} from '@tensorflow/tfjs-core';
import type {Graph} from '../graph';
import {engineChanges} from './shared/changes';
import {engineFor, type EngineChoice, type Engines} from './choose';
import type {CompileOptions, Engine, Program} from './engine';

export class Compilation {
  readonly program: Program;
  private readonly engine: Engine;
  private changes = engineChanges();

  /**
   * Compiles for the current backend.
   * @throws as `engineFor`
   */
  constructor(
    private readonly engines: Engines,
    private readonly wanted: EngineChoice,
    graph: Graph,
    options: CompileOptions,
  ) {
    this.engine = engineFor(engines, wanted, getBackend(), graph);
    this.program = this.engine.compile(graph, options);
  }

  /** Whether the program can compute on the backend that is current. */
  get isUsable(): boolean {
    const {program} = this;
    return program.backend === getBackend() && program.isLost !== true;
  }

  /**
   * Whether the program would be the same again. While no engine changed, that is known.
   * @throws as `engineFor`, where engines came or went
   */
  get isCurrent(): boolean {
    if (!this.isUsable) return false;
    return this.changes === engineChanges() || this.isChosenAgain();
  }

  private isChosenAgain(): boolean {
    const {engines, wanted, program, engine} = this;
    const changes = engineChanges();
    if (program.isOutgrown) return false;
    if (engineFor(engines, wanted, program.backend, program.graph) !== engine) return false;
    this.changes = changes;
    return true;
  }
}
