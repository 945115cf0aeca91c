/** What is known of a stream's last frame; a report is made of it when asked for. */
import type {ActivationCache} from '../cache';
import type {NodeReport, ReportOptions, RunResult} from '../engines';
import {isRest, type Decision, type Expectation, type Path} from './policy';

/** What happened to the last frame; the nodes are worked out when asked for. */
export interface StreamReport {
  readonly path: Path;
  readonly reason: string;
  /** Share of the input's pixels that changed, 0 to 1; null where nobody looked. */
  readonly changed: number | null;
  readonly ms: number;
  readonly nodes: (() => NodeReport[] | null) | null;
  readonly nodesAsync: ((options: ReportOptions) => Promise<NodeReport[] | null>) | null;
}

export class LastFrame {
  /** Null where there is nothing to tell of. */
  private decision: Decision | null = null;
  private changed: number | null = null;
  private ms = 0;
  private result: RunResult | null = null;
  /** The cache's, when the frame was done. What the engine tells of its nodes lies in there, and goes with it. */
  private timesEmptied = 0;

  /** @param expectation what the policy expected of the frame it decided on last */
  constructor(
    private readonly cache: ActivationCache,
    private readonly expectation: () => Expectation | null,
  ) {}

  /** Whether the model computed it because the policy rests. */
  get isRest(): boolean {
    return this.decision !== null && isRest(this.decision);
  }

  get report(): StreamReport | null {
    const {decision, changed, ms, result} = this;
    if (!decision || (result && this.timesEmptied !== this.cache.timesEmptied)) return null;
    return {
      path: decision.path,
      reason: decision.isJudged ? decision.reason + expectedText(this.expectation()) : decision.reason,
      changed,
      ms,
      nodes: result && (() => result.report()),
      nodesAsync: result && ((options) => result.reportAsync(options)),
    };
  }

  note(decision: Decision, changed: number | null, ms: number, result: RunResult | null): void {
    this.decision = decision;
    this.changed = changed;
    this.ms = ms;
    this.result = result;
    this.timesEmptied = this.cache.timesEmptied;
  }

  /** Notes another frame of which only the time differs. */
  noteAlike(ms: number): void {
    this.ms = ms;
  }

  clear(): void {
    this.decision = this.result = null;
  }
}

/** What was expected of both sides, after a reason; nothing where one is not known. */
function expectedText(expectation: Expectation | null): string {
  const {engine, model} = expectation ?? {engine: null, model: null};
  if (engine === null || model === null) return '';
  return ` (expected: ${millis(engine)} with reuse, ${millis(model)} by the model)`;
}

const millis = (ms: number): string => `${Number(ms.toPrecision(2))} ms`;
