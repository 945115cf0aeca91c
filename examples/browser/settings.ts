/** What the page was asked for: read from its form, kept in its address, and turned into options of `withReuse`. */
import type {ReuseOptions} from '../../src';
import {GAMES, type Game} from '../atari/games';
import {BACKENDS, type Backend} from './backends';

export const ENGINES = ['auto', 'wasm', 'tfjs', 'webgpu'] as const;
export const POLICIES = ['auto', 'incremental', 'dense'] as const;
export type SourceName = 'recording' | 'clip' | 'webcam' | 'screen';

export interface Settings {
  readonly model: string;
  readonly source: SourceName;
  /** Of a recording. */
  readonly game: Game;
  readonly backend: Backend;
  readonly engine: (typeof ENGINES)[number];
  readonly policy: (typeof POLICIES)[number];
  /** A pixel counts as changed where it moved by more than this, in 255 grey levels. */
  readonly gate: number;
  /** Of every node, relative to its channels' RMS. */
  readonly threshold: number;
}

/** The choices whose names are what they are; the others' labels are in the page. */
export const CHOICES = {game: GAMES, backend: BACKENDS, engine: ENGINES, policy: POLICIES} as const;

/** The form's controls have the settings' names, and hold no value but these. */
export function readForm(form: HTMLFormElement): Settings {
  const value = (name: keyof Settings) => (form.elements.namedItem(name) as HTMLInputElement).value;
  return {
    model: value('model'),
    source: value('source') as SourceName,
    game: value('game') as Game,
    backend: value('backend') as Backend,
    engine: value('engine') as Settings['engine'],
    policy: value('policy') as Settings['policy'],
    gate: Number(value('gate')),
    threshold: Number(value('threshold')),
  };
}

/** Sets the controls that the address names; a value that a control does not have is passed over. */
export function fillForm(form: HTMLFormElement, address: URLSearchParams): void {
  for (const [name, value] of address) {
    const control = form.elements.namedItem(name);
    if (control instanceof HTMLInputElement) control.value = value;
    if (control instanceof HTMLSelectElement && hasOption(control, value)) control.value = value;
  }
}

const hasOption = ({options}: HTMLSelectElement, value: string) =>
  Array.from(options).some((option) => option.value === value);

/** The address of these settings, with whatever else it had, such as tfjs's flags. */
export function addressOf(settings: Settings, address: URLSearchParams): string {
  const next = new URLSearchParams(address);
  for (const [name, value] of Object.entries(settings)) next.set(name, `${value as string | number}`);
  return `?${next}`;
}

/** @param greyLevel what one of 255 grey levels is at the model's input */
export function reuseOptions({engine, policy, gate, threshold}: Settings, greyLevel: number): ReuseOptions {
  return {engine, policy, inputThreshold: gate * greyLevel, threshold: {relative: threshold}};
}
