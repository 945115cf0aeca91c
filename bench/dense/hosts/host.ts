/** Where networks are run: a version of Node, or a browser. */
import type {RealmCalls} from '../realm/realm';
import type {Side, HostKind} from '../sides';

export interface Host {
  readonly name: string;
  readonly kind: HostKind;
  readonly version: string;
  /** @param folder of the work's files */
  open(side: Side, folder: string): Promise<Realm>;
  close(): Promise<void>;
}

export interface Realm {
  check: RealmCalls['check'];
  play(count: number): Promise<Turn>;
  close(): Promise<void>;
}

export interface Turn {
  /** Of each frame. */
  readonly ms: readonly number[];
  /** Of all of them, of all threads; null where the system does not say. */
  readonly cpuMs: number | null;
}
