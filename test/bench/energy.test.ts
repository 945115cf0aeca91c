import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {addCosts, startCost} from '../../bench/measure/cost';
import {energyMeter, type EnergyMeter} from '../../bench/measure/energy';

/** A folder as Linux's powercap has it, with the counters given in µJ. */
class Powercap {
  readonly folder = mkdtempSync(join(tmpdir(), 'powercap-'));

  zone(zone: string, name: string, energy: number, range = 1_000_000_000): void {
    mkdirSync(join(this.folder, zone), {recursive: true});
    writeFileSync(join(this.folder, zone, 'name'), `${name}\n`);
    writeFileSync(join(this.folder, zone, 'max_energy_range_uj'), `${range}\n`);
    this.set(zone, energy);
  }

  set(zone: string, energy: number): void {
    writeFileSync(join(this.folder, zone, 'energy_uj'), `${energy}\n`);
  }

  meter(): EnergyMeter {
    const meter = energyMeter(this.folder);
    if (typeof meter === 'string') throw new Error(meter);
    return meter;
  }
}

let powercap: Powercap;
beforeEach(() => (powercap = new Powercap()));
afterEach(() => rmSync(powercap.folder, {recursive: true}));

describe('joules', () => {
  it('are those of packages and memory, since the last reading', () => {
    powercap.zone('intel-rapl:0', 'package-0', 5_000_000);
    powercap.zone('intel-rapl:0:0', 'core', 3_000_000);
    powercap.zone('intel-rapl:0:1', 'dram', 1_000_000);
    powercap.zone('intel-rapl:1', 'package-1', 0);
    powercap.zone('intel-rapl:2', 'psys', 0);
    powercap.zone('intel-rapl-mmio:0', 'package-0', 0);
    const meter = powercap.meter();
    for (const zone of ['intel-rapl:0:0', 'intel-rapl:2', 'intel-rapl-mmio:0'])
      powercap.set(zone, 900_000_000);
    powercap.set('intel-rapl:0', 7_000_000);
    powercap.set('intel-rapl:0:1', 1_500_000);
    powercap.set('intel-rapl:1', 250_000);
    expect(meter.read()).toBeCloseTo(2.75);
    expect(meter.read()).toBe(0);
  });

  it('go on where a counter starts again', () => {
    powercap.zone('intel-rapl:0', 'package-0', 9_000_000, 10_000_000);
    const meter = powercap.meter();
    powercap.set('intel-rapl:0', 500_000);
    expect(meter.read()).toBeCloseTo(1.5);
  });

  it('are not there without counters, and it is said why', () => {
    expect(energyMeter(join(powercap.folder, 'none'))).toContain('there is no');
    expect(energyMeter(powercap.folder)).toContain('has no RAPL counters');
    powercap.zone('intel-rapl:0', 'package-0', 0);
    rmSync(join(powercap.folder, 'intel-rapl:0/energy_uj'));
    expect(energyMeter(powercap.folder)).toContain('energy_uj');
  });
});

describe('the cost of work', () => {
  it('has joules where there is a meter', () => {
    powercap.zone('intel-rapl:0', 'package-0', 0);
    const stop = startCost(powercap.meter());
    powercap.set('intel-rapl:0', 2_000_000);
    expect(stop()).toEqual({cpuMs: expect.any(Number), joules: 2});
    expect(startCost(null)().joules).toBeNull();
  });

  it('adds up, and stays unknown where a part of it is', () => {
    const known = {cpuMs: 2, joules: 3};
    expect(addCosts([known, known])).toEqual({cpuMs: 4, joules: 6});
    expect(addCosts([known, {cpuMs: 1, joules: null}])).toEqual({cpuMs: 3, joules: null});
  });
});
