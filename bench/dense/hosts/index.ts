/** Hosts by their names. */
import type {HostName} from '../options';
import {browserHost} from './browser';
import type {Host} from './host';
import {nodeHost} from './node';

/** @param works the folder of all works, for a host that reads them over HTTP */
export function openHost(name: HostName, works: string): Promise<Host> | Host {
  const [, major] = /^node-(\d+)$/.exec(name) ?? [];
  if (major) return nodeHost(major);
  return browserHost(name as 'chromium' | 'firefox', works);
}
