/**
 * The processor's own energy counters (RAPL), where Linux shows them and lets this program read them. Counted are whole
 * packages and their memory; a package's other zones are part of it.
 */
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

const POWERCAP = '/sys/class/powercap';
const ZONE = /^intel-rapl:\d+(:\d+)?$/;
const COUNTED = /^(package|dram)/;

interface Zone {
  readonly counter: string;
  /** Where the counter starts again at 0, in µJ. */
  readonly range: number;
}

export interface EnergyMeter {
  /** Joules since the last call, or since the meter was made. Call it before a counter goes round twice: hourly, say. */
  read(): number;
}

/** @returns the meter, or why there is none */
export function energyMeter(folder = POWERCAP): EnergyMeter | string {
  if (!existsSync(folder)) return `no joules: there is no ${folder} here`;
  try {
    const zones = findZones(folder);
    return zones.length > 0 ? meterOf(zones) : `no joules: ${folder} has no RAPL counters`;
  } catch (error) {
    return `no joules: ${(error as Error).message}`;
  }
}

function findZones(folder: string): Zone[] {
  return readdirSync(folder)
    .filter((name) => ZONE.test(name) && COUNTED.test(readFileSync(join(folder, name, 'name'), 'utf8')))
    .map((name) => ({
      counter: join(folder, name, 'energy_uj'),
      range: readNumber(join(folder, name, 'max_energy_range_uj')),
    }));
}

function meterOf(zones: readonly Zone[]): EnergyMeter {
  const counters = () => zones.map(({counter}) => readNumber(counter));
  let before = counters();
  return {
    read() {
      const after = counters();
      const used = zones.map(({range}, i) => after[i] - before[i] + (after[i] < before[i] ? range : 0));
      before = after;
      return used.reduce((sum, microjoules) => sum + microjoules, 0) / 1e6;
    },
  };
}

function readNumber(path: string): number {
  return Number(readFileSync(path, 'utf8'));
}
