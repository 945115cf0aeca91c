/** What follows from the measurements: speed-ups, what is ideal, and means over games. Arithmetic alone. */
import {mean} from '../examples/atari/figures';
import {pairedRatio} from './measure/statistics';
import type {GameResult, KernelResult, NetworkResult} from './results';
import {SIDE_IDS, type SideId} from './sides/side';

/** The side that speed-ups are over. */
export const BASE: SideId = 'dense-wasm';

/** Multiply-adds of a dense frame over those that cannot be avoided; infinite for a game that stands still. */
export function idealOf({denseMacs, affectedMacs}: Pick<GameResult, 'denseMacs' | 'affectedMacs'>): number {
  return denseMacs / affectedMacs;
}

/** How many times as fast as `base`; undefined where either did not take part. */
export function speedUpOf({sides}: Pick<GameResult, 'sides'>, side: SideId, base = BASE): number | undefined {
  const [from, to] = [sides[base], sides[side]];
  return from && to && from.ms / to.ms;
}

/** Speed-up over ideal speed-up; 0 where the ideal has no bound. */
export function efficiencyOf(game: GameResult, side: SideId): number | undefined {
  const speedUp = speedUpOf(game, side);
  return speedUp === undefined ? undefined : speedUp / idealOf(game);
}

/** How many times as fast the policy 'auto' is as the model on the same backend, compared round by round. */
export function autoRatio({sides}: Pick<GameResult, 'sides'>, backend: AutoBackend): number | undefined {
  const [dense, auto] = [sides[`dense-${backend}`], sides[`auto-${backend}`]];
  return dense && auto && pairedRatio(dense.rounds, auto.rounds);
}

export const AUTO_BACKENDS = ['wasm', 'tensorflow', 'cpu'] as const;
export type AutoBackend = (typeof AUTO_BACKENDS)[number];

export interface Summary {
  readonly games: number;
  /** Means over games, by side. */
  readonly ms: Readonly<Partial<Record<SideId, number>>>;
  readonly cpuMs: Readonly<Partial<Record<SideId, number>>>;
  readonly joules: Readonly<Partial<Record<SideId, number>>>;
  /** Ratios of these means to that of the base. */
  readonly speedUp: Readonly<Partial<Record<SideId, number>>>;
  readonly ideal: number;
  /** Means of the games' efficiencies, of games that move at all. */
  readonly efficiency: Readonly<Partial<Record<SideId, number>>>;
  /** The least of all games, by backend. */
  readonly worstAuto: Readonly<Partial<Record<AutoBackend, {game: string; ratio: number}>>>;
}

export function summarize({games}: Pick<NetworkResult, 'games'>): Summary {
  const sides = SIDE_IDS.filter((id) => games.every((game) => game.sides[id]));
  const bySide = (value: (id: SideId) => number | null) =>
    Object.fromEntries(
      sides.map((id) => [id, value(id)] as const).filter(([, number]) => number !== null),
    ) as Partial<Record<SideId, number>>;
  const of = (id: SideId, key: 'ms' | 'cpuMs') => mean(games.map((game) => game.sides[id]![key]));
  const moving = games.filter(({affectedMacs}) => affectedMacs > 0);
  return {
    games: games.length,
    ms: bySide((id) => of(id, 'ms')),
    cpuMs: bySide((id) => of(id, 'cpuMs')),
    joules: bySide((id) => meanOrNull(games.map((game) => game.sides[id]!.joules))),
    speedUp: bySide((id) => of(BASE, 'ms') / of(id, 'ms')),
    ideal: mean(games.map(({denseMacs}) => denseMacs)) / mean(games.map(({affectedMacs}) => affectedMacs)),
    efficiency: bySide((id) =>
      moving.length > 0 ? mean(moving.map((game) => efficiencyOf(game, id)!)) : null,
    ),
    worstAuto: Object.fromEntries(
      AUTO_BACKENDS.map((backend) => [backend, worstAuto(games, backend)] as const).filter(
        ([, worst]) => worst,
      ),
    ),
  };
}

function worstAuto(games: readonly GameResult[], backend: AutoBackend): {game: string; ratio: number} | null {
  const ratios = games
    .map((game) => ({game: game.game, ratio: autoRatio(game, backend)}))
    .filter((entry): entry is {game: GameResult['game']; ratio: number} => entry.ratio !== undefined);
  return ratios.length > 0
    ? ratios.reduce((worst, entry) => (entry.ratio < worst.ratio ? entry : worst))
    : null;
}

function meanOrNull(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === values.length ? mean(known) : null;
}

/** Of the span's own multiply-adds, without what any frame costs; null where the two cannot be told apart. */
export function gmacsOf({macs, ms, baseMacs, baseMs}: KernelResult): number | null {
  return ms > baseMs ? (macs - baseMacs) / (ms - baseMs) / 1e6 : null;
}
