/** The 24 games of the paper, as its tables list them, and how a name is looked up. */
export const GAMES = [
  'Alien',
  'Amidar',
  'Assault',
  'Asterix',
  'BankHeist',
  'BattleZone',
  'Boxing',
  'Breakout',
  'ChopperCommand',
  'CrazyClimber',
  'DemonAttack',
  'Freeway',
  'Gopher',
  'Hero',
  'Kangaroo',
  'Krull',
  'KungFuMaster',
  'MsPacman',
  'Pong',
  'PrivateEye',
  'Qbert',
  'RoadRunner',
  'Seaquest',
  'YarsRevenge',
] as const;

export type Game = (typeof GAMES)[number];

/** The game of that name, in whatever case it is written. */
export function findGame(name: string): Game | undefined {
  return GAMES.find((game) => game.toLowerCase() === name.toLowerCase());
}
