/** The model that a client holds in a member that its types do not show. */
import {GraphModel} from '@tensorflow/tfjs';

/** @throws where there is none: another version may call it otherwise */
export function graphModelIn(client: object, member: string): GraphModel {
  const held = new Map<string, unknown>(Object.entries(client)).get(member);
  if (held instanceof GraphModel) return held;
  throw new Error(`There is no GraphModel in the member ${member}.`);
}
