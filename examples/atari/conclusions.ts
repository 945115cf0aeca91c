/** What the figures come to, in words, for the terminal and the report. */
import type {Backend} from './backend';
import {percent} from './columns';
import type {Figures} from './figures';
import type {PeerName} from './peers/names';

export interface Conclusions {
  /** Where the speed comes from, and how the peers compare. */
  readonly details: readonly string[];
  /** The whole run in one sentence. */
  readonly sentence: string;
  /** In which games reuse is slower; null where it is in none, or where only one was played. */
  readonly slower: string | null;
}

const BASES: Readonly<Record<Backend, string>> = {
  cpu: 'tfjs’s plain JavaScript backend',
  wasm: 'tfjs’s wasm backend',
  tensorflow: 'tfjs-node',
};

/** Games that are named; a longer list nobody reads. */
const MOST_NAMES = 6;

export function conclude(backend: Backend, games: readonly Figures[], overall: Figures): Conclusions {
  const base = BASES[backend];
  const peers = Object.keys(overall.peerMs) as PeerName[];
  const slower = slowerGames(games, ({denseMs}) => denseMs);
  return {
    details: [engineText(base, overall), ...peers.map((peer) => peerText(peer, games, overall))],
    sentence: sentenceText(base, games, overall),
    slower: slower ? `It is slower in ${slower}.` : null,
  };
}

function sentenceText(
  base: string,
  games: readonly Figures[],
  {speedUp, difference}: Pick<Figures, 'speedUp' | 'difference'>,
): string {
  const where = games.length === 1 ? games[0].name : `${games.length} Atari games`;
  const pace = `${speedUp < 1 ? 'only ' : ''}${times(speedUp)} as fast`;
  const same = `with the same results (largest difference ${difference.toExponential(1)})`;
  return `On ${where} this network answers ${pace} with tfjs-reuse as on ${base} alone, ${same}.`;
}

/** Like with like: the same kernels with reuse and without, beside the share of the work that reuse leaves out. */
function engineText(base: string, {denseMs, fullMs, reuseMs, recomputed}: Figures): string {
  return (
    `With nothing reused, the engine of tfjs-reuse is ${times(denseMs / fullMs)} as fast as ${base}; reuse, which leaves ` +
    `out ${percent(1 - recomputed, 0)} % of the multiply-adds, is ${times(fullMs / reuseMs)} as fast as that.`
  );
}

function peerText(peer: PeerName, games: readonly Figures[], {peerMs, reuseMs}: Figures): string {
  const slower = slowerGames(games, (game) => game.peerMs[peer]!);
  return (
    `Beside ${peer}, with as many threads as it chooses, reuse is ${times(peerMs[peer]! / reuseMs)} as fast` +
    (slower ? `; it is slower in ${slower}.` : '.')
  );
}

/** Empty where there are none, or where a single game is all there is. */
function slowerGames(games: readonly Figures[], msOf: (game: Figures) => number): string {
  if (games.length === 1) return '';
  const ratios = games.map((game) => ({name: game.name, ratio: msOf(game) / game.reuseMs}));
  const slower = ratios.filter(({ratio}) => ratio < 1).sort((a, b) => a.ratio - b.ratio);
  const names = slower.slice(0, MOST_NAMES).map(({name, ratio}) => `${name} (${times(ratio)} as fast)`);
  const rest = slower.length - names.length;
  return [...names, ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}

/** Below 1, a digit more: 0.96 is not as fast. */
function times(ratio: number): string {
  return `${ratio.toFixed(ratio < 1 ? 2 : 1)} times`;
}
