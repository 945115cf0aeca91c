/**
 * The command: trains policies by REINFORCE over recorded frames, with reuse and without, and prints who was faster.
 * `npm run reinforce -- --help` lists the options.
 */
import {writeFileSync} from 'node:fs';
import {ready} from '../../src';
import {useBackend} from '../atari/backend';
import {pixelsChart, toSvg} from '../atari/charts';
import {showProgress, type Progress} from '../atari/progress';
import {openRecording} from '../atari/recording';
import {tableOf} from '../atari/table';
import {versions, versionsLine} from '../atari/versions';
import {episodesChart, learningChart} from './charts';
import {compareLive, tenthOf, type LiveFigures} from './live/compare';
import {liveLines} from './live/lines';
import {readOptions} from './options';
import {columnsFor, legendFor, noteOn} from './recorded/columns';
import {compareGame} from './recorded/compare';
import {overall, type Figures, type GameFigures} from './recorded/figures';
import {reportHtml, type LivePart, type RecordedPart} from './report';
import {describeLive, describeRecorded, plays, type Settings} from './settings';

interface Recorded {
  readonly games: readonly GameFigures[];
  readonly mean: Figures;
}

/** Frames played with the progress shown. */
function withProgress<T>(frames: number, work: (progress: Progress) => T): T {
  const progress = showProgress(frames);
  try {
    return work(progress);
  } finally {
    progress.stop?.();
  }
}

function runRecorded({games, recorded}: Settings, data?: string): Recorded {
  const figures = withProgress(games.length * recorded.updates * recorded.steps, (progress) =>
    games.map((game) => {
      progress.game?.(game);
      const own = compareGame(game, openRecording(game, data), recorded, () => progress.frame?.());
      progress.done?.(`${game}: ${own.speedUp.toFixed(1)} times as fast`);
      return own;
    }),
  );
  return {games: figures, mean: overall(figures)};
}

function runLive({live}: Settings): LiveFigures {
  const {updates, denseUpdates, games, steps} = live;
  const gap = tenthOf(updates);
  return withProgress((updates + denseUpdates) * games * steps, (progress) =>
    compareLive(live, {
      onFrame: () => progress.frame?.(),
      onUpdate: (side, index, {reward}) => {
        progress.game?.(`${side}, ${reward.toFixed(2)} a game`);
        if ((index + 1) % gap === 0)
          progress.done?.(`${side}, update ${index + 1}: rewards of a game ${reward.toFixed(2)}`);
      },
    }),
  );
}

async function recordedPart(settings: Settings, {games, mean}: Recorded): Promise<RecordedPart> {
  return {
    settings: describeRecorded(settings),
    games,
    overall: mean,
    note: noteOn(games),
    svgs: await Promise.all([episodesChart(games), pixelsChart(games)].map(toSvg)),
  };
}

async function livePart(settings: Settings, figures: LiveFigures): Promise<LivePart> {
  return {
    settings: describeLive(settings),
    lines: liveLines(figures),
    svg: await toSvg(learningChart(figures)),
  };
}

async function main(): Promise<void> {
  const {settings, paths} = readOptions(process.argv.slice(2));
  await useBackend(settings.backend);
  await ready();

  let recorded: Recorded | undefined;
  if (plays(settings, 'recorded')) {
    console.log(describeRecorded(settings));
    recorded = runRecorded(settings, paths.data);
    const {games, mean} = recorded;
    console.log([tableOf(columnsFor(mean), games, mean), legendFor(mean), noteOn(games)].join('\n'));
  }
  let live: LiveFigures | undefined;
  if (plays(settings, 'live')) {
    console.log(describeLive(settings));
    live = runLive(settings);
    console.log(liveLines(live).join('\n'));
  }
  if (paths.json) {
    const figures = {settings, versions: versions(), recorded, live};
    writeFileSync(paths.json, JSON.stringify(figures, null, 2) + '\n');
  }
  if (paths.report) {
    const html = reportHtml({
      versions: versionsLine(),
      recorded: recorded && (await recordedPart(settings, recorded)),
      live: live && (await livePart(settings, live)),
    });
    writeFileSync(paths.report, html);
  }
}

main().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
