/**
 * The streams that policies are judged by: what comes in, on which machine. Three of them are kept from tuning: a policy meets
 * them once, when it is done.
 */
import {below, randomFrom, type Random} from '../../examples/reinforce/random';
import {Screen, type Shown} from './content';
import type {Machine} from './machine';

export const FRAMES = 1000;

export interface Scenario {
  readonly name: string;
  readonly machine: Machine;
  /** Frames of the stream, the same for the same seed. */
  readonly frames: (seed: number) => readonly Shown[];
  /** How often the stream becomes another one for good: what was learned has to be found out anew. */
  readonly regimes: number;
  readonly keptFromTuning: boolean;
}

/** The WebAssembly engine beside the wasm backend; beside another backend, on all cores; and where the two are close. */
const FASTER: Machine = {
  dense: 8,
  full: 0.65,
  compare: 0.008,
  spread: 1.6,
  density: 0.3,
  bias: 0.9,
  stray: 0.25,
  forecasts: true,
};
const SLOWER: Machine = {...FASTER, dense: 4, full: 3.5, compare: 0.015, bias: 1.2};
const CLOSE: Machine = {...FASTER, dense: 5, full: 1.3};
const SMALL: Machine = {...FASTER, dense: 0.6, full: 0.7, compare: 0.02};
const SMALL_SLOWER: Machine = {...SMALL, dense: 0.35, full: 2.2, compare: 0.035};
const TRIED: Machine = {...FASTER, dense: 6, full: 1.1, compare: 0.03, forecasts: false};
const TRIED_IN_VAIN: Machine = {...TRIED, spread: 12, full: 1.4};

type Step = (t: number, screen: Screen, random: Random) => string;

/** Frames of one screen: `step` changes it and says what kind of change that was. */
const stream =
  (step: Step) =>
  (seed: number): Shown[] => {
    const random = randomFrom(seed);
    const screen = new Screen(random);
    return Array.from({length: FRAMES}, (_, t) => screen.show(step(t, screen, random)));
  };

/** Frames that show one of several screens, each of which goes on meanwhile. */
const interleaved =
  (count: number, which: (t: number) => number, moves: number) =>
  (seed: number): Shown[] => {
    const random = randomFrom(seed);
    const screens = Array.from({length: count}, (_, home) => new Screen(random, home));
    return Array.from({length: FRAMES}, (_, t) => {
      const at = which(t);
      return screens[at].move(moves).show(`screen ${at}`);
    });
  };

const still = stream(() => 'still');

const small: Step = (_t, screen, random) => {
  screen.move(1 + below(3, random));
  return 'small';
};

const keyEvery = (count: number) =>
  stream((t, screen, random) => {
    if (t % count > 0) return small(t, screen, random);
    screen.cut();
    return 'key';
  });

const cuts = stream((t, screen, random) => {
  if (random() > 1 / 60) return small(t, screen, random);
  screen.cut();
  return 'cut';
});

/** Stretches in which everything changes, among calm ones. */
const bursts = (seed: number): Shown[] => {
  let [wild, left] = [false, 0];
  return stream((t, screen, random) => {
    if (left-- <= 0) {
      wild = !wild && t > 0;
      left = wild ? 10 + below(40, random) : 60 + below(140, random);
    }
    if (!wild) return small(t, screen, random);
    screen.cut();
    return 'wild';
  })(seed);
};

const noise = stream((_t, screen) => {
  screen.cut();
  return 'noise';
});

/** The last four frames of a game at once: what moves is seen in four places. */
const stacked = stream((_t, screen, random) => {
  for (let i = 0; i < 4; i++) screen.move(1 + below(2, random));
  return 'stacked';
});

/** From almost nothing to almost everything and back, every 250 frames. */
const swelling = stream((t, screen) => {
  const much = (1 - Math.cos((2 * Math.PI * t) / 250)) / 2;
  screen.move(Math.round(1 + 60 * much ** 2));
  return `swell ${Math.min(3, Math.floor(4 * much))}`;
});

/** Calm for 500 frames, and noise ever after. */
const spoiled = stream((t, screen, random) => {
  if (t < 500) return small(t, screen, random);
  screen.cut();
  return 'noise';
});

/** Pictures that fade into each other, with something small that turns in a corner. */
const slides = stream((t, screen, random) => {
  if (t % 100 >= 8 || t < 100) {
    screen.move(1);
    return 'spinner';
  }
  screen.move(24 + below(30, random));
  return 'fade';
});

/** A game whose screen flashes for one frame now and then, and is back as it was. */
const flashes = (seed: number): Shown[] => {
  const random = randomFrom(seed);
  const [game, flash] = [new Screen(random, 0), new Screen(random, 1)];
  return Array.from({length: FRAMES}, () => {
    if (random() < 1 / 25) return flash.cut().show('flash');
    return game.move(1 + below(2, random)).show('play');
  });
};

/** A desktop: mostly still, with typing, and now and then a page that scrolls for a second. */
const desktop = (seed: number): Shown[] => {
  let [scrolls, types] = [0, 0];
  return stream((_t, screen, random) => {
    if (scrolls === 0 && random() < 1 / 150) scrolls = 20 + below(30, random);
    else if (types === 0 && random() < 1 / 40) types = 10 + below(40, random);
    if (scrolls > 0) {
      scrolls--;
      screen.move(50);
      return 'scroll';
    }
    if (types === 0) return 'still';
    types--;
    screen.move(random() < 0.4 ? 1 : 0);
    return 'type';
  })(seed);
};

const tuned = (name: string, machine: Machine, frames: Scenario['frames'], regimes = 0): Scenario => ({
  name,
  machine,
  frames,
  regimes,
  keptFromTuning: false,
});

const kept = (...given: Parameters<typeof tuned>): Scenario => ({...tuned(...given), keptFromTuning: true});

export const SCENARIOS: readonly Scenario[] = [
  tuned('still', FASTER, still),
  tuned('still, engine slower in full', SLOWER, still),
  tuned('small changes', FASTER, stream(small)),
  tuned('small changes, engine slower in full', SLOWER, stream(small)),
  tuned('small changes, small model', SMALL, stream(small)),
  ...[12, 30, 90].flatMap((count) => [
    tuned(`key frame every ${count}`, FASTER, keyEvery(count)),
    tuned(`key frame every ${count}, engine slower in full`, SLOWER, keyEvery(count)),
  ]),
  tuned('cuts', FASTER, cuts),
  tuned('cuts, engine slower in full', SLOWER, cuts),
  tuned('bursts', FASTER, bursts),
  tuned('bursts, close', CLOSE, bursts),
  tuned('bursts, engine slower in full', SLOWER, bursts),
  tuned('camera noise', FASTER, noise),
  tuned('camera noise, close', CLOSE, noise),
  tuned('camera noise, engine slower in full', SLOWER, noise),
  tuned(
    'two scenes in alternation',
    FASTER,
    interleaved(2, (t) => t % 2, 0),
  ),
  tuned(
    'two scenes in alternation, engine slower in full',
    SLOWER,
    interleaved(2, (t) => t % 2, 0),
  ),
  tuned(
    'two streams in turn',
    FASTER,
    interleaved(2, (t) => t % 2, 1),
  ),
  tuned(
    'two streams in turn, engine slower in full',
    SLOWER,
    interleaved(2, (t) => t % 2, 1),
  ),
  tuned('frames stacked by four', SMALL, stacked),
  tuned('frames stacked by four, engine slower in full', SMALL_SLOWER, stacked),
  tuned('growing and calming', FASTER, swelling),
  tuned('growing and calming, engine slower in full', SLOWER, swelling),
  tuned('calm, then noise', CLOSE, spoiled, 1),
  tuned('calm, then noise, engine slower in full', SLOWER, spoiled, 1),
  tuned('small changes, no forecasts', TRIED, stream(small)),
  tuned('small changes that reach far, no forecasts', TRIED_IN_VAIN, stream(small)),
  tuned('key frame every 30, no forecasts', TRIED, keyEvery(30)),
  tuned('camera noise, no forecasts', TRIED, noise),
  kept('slides that fade', SLOWER, slides),
  kept('flashes', FASTER, flashes),
  kept('a desktop', CLOSE, desktop),
];
