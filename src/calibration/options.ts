/** The options of `calibrate`: their defaults, and what is refused of them. */
import {func, numeric, object, oneOf, onlyKnown, shown, texts} from '../checks';
import {readGate} from '../region';
import type {CalibrationOptions} from './types';

export type CheckedOptions = CalibrationOptions & Required<Pick<CalibrationOptions, 'heldBack' | 'verbose'>>;

const NAMES: readonly (keyof CalibrationOptions)[] = [
  'agreement',
  'atLeast',
  'outputs',
  'gates',
  'heldBack',
  'signal',
  'onProgress',
  'verbose',
];

/** @throws where one is missing, of another type or out of range */
export function checkOptions(given: CalibrationOptions): CheckedOptions {
  const options = object('calibrate: options', given, '{agreement, atLeast}');
  onlyKnown('calibrate: options', options, NAMES);
  const {agreement, atLeast, outputs, gates, heldBack = 1 / 3, signal, onProgress} = options;
  const {verbose = onProgress ? 0 : 1} = options;
  func(
    'calibrate: options.agreement',
    agreement,
    "a function of the outputs with reuse and the model's own, as agreements.raw() makes one",
  );
  numeric('calibrate: options.atLeast', atLeast, {least: 0, most: 1});
  numeric('calibrate: options.heldBack', heldBack, {above: 0, below: 1});
  oneOf('calibrate: options.verbose', verbose, [0, 1]);
  if (outputs !== undefined) texts('calibrate: options.outputs', outputs);
  if (gates !== undefined) checkGates(gates);
  if (signal !== undefined) checkSignal(signal);
  if (onProgress !== undefined) func('calibrate: options.onProgress', onProgress);
  return {...options, heldBack, verbose};
}

function checkGates(gates: CalibrationOptions['gates']): void {
  if (!Array.isArray(gates))
    throw new Error(`calibrate: options.gates must be an array of gates; got ${shown(gates)}.`);
  Array.from(gates).forEach((gate, i) => readGate(`calibrate: options.gates[${i}]`, gate));
}

function checkSignal(signal: AbortSignal): void {
  if (typeof (signal as Partial<AbortSignal> | null)?.throwIfAborted === 'function') return;
  throw new Error(
    `calibrate: options.signal must be an AbortSignal, as new AbortController().signal is one; got ${shown(signal)}.`,
  );
}
