/** How far a run is: a bar on a terminal, otherwise a plain line a game. It goes to stderr, apart from the table. */
import {SingleBar} from 'cli-progress';

export interface Progress {
  game?(name: string): void;
  frame?(): void;
  /** A game is done; says what came out. */
  done?(line: string): void;
  stop?(): void;
}

export function showProgress(frames: number): Progress {
  return process.stderr.isTTY ? bar(frames) : lines();
}

function bar(frames: number): Progress {
  const single = new SingleBar({
    format: '{bar} {percentage} % | {value} of {total} frames | {eta_formatted} left | {game}',
    stream: process.stderr,
    clearOnComplete: true,
  });
  single.start(frames, 0, {game: ''});
  return {
    game: (game) => single.update({game}),
    frame: () => single.increment(),
    stop: () => single.stop(),
  };
}

function lines(): Progress {
  return {done: (line) => console.error(line)};
}
