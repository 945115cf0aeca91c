/** What an entry of the package gives a model with reuse. One that has less takes less of a page. */
import type {Engines} from '../engines';
import type {Verifier} from '../stream';
import type {calibrateOn} from './calibration';
import type {recordOn} from './record';
import type {summaryOf} from './summary';

export interface More {
  readonly recordOn: typeof recordOn;
  readonly calibrateOn: typeof calibrateOn;
  readonly summaryOf: typeof summaryOf;
  readonly verifier: Verifier;
}

export interface Parts {
  readonly engines: Engines;
  /** What only the main entry has; null where it is not there. */
  readonly more: More | null;
}

/** @throws in an entry without it; names what was asked for */
export function moreOf({more}: Parts, what: string): More {
  if (more) return more;
  throw new Error(`${what} is not in this entry, which only predicts. Import withReuse from 'tfjs-reuse'.`);
}
