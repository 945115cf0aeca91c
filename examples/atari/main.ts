/**
 * The command: plays recordings of the paper's 24 games through its network, with reuse and without, and prints who was
 * faster. `npm run atari -- --help` lists the options.
 */
import {writeFileSync} from 'node:fs';
import {ready} from '../../src';
import {useBackend} from './backend';
import {pixelsChart, timesChart, toSvg} from './charts';
import {LEGEND} from './columns';
import {compareGame} from './compare';
import {overall, type Figures, type GameFigures} from './figures';
import {readOptions} from './options';
import {showProgress} from './progress';
import {openRecording} from './recording';
import {reportHtml} from './report';
import {describe, type Settings} from './settings';
import {tableText} from './table';
import {versions, versionsLine} from './versions';

function compareAll(settings: Settings, data?: string): GameFigures[] {
  const progress = showProgress(settings.games.length * settings.steps);
  try {
    return settings.games.map((game) => {
      progress.game?.(game);
      const figures = compareGame(game, openRecording(game, data), settings, () => progress.frame?.());
      progress.done?.(`${game}: ${figures.speedUp.toFixed(1)} times as fast`);
      return figures;
    });
  } finally {
    progress.stop?.();
  }
}

function writeJson(path: string, figures: object): void {
  writeFileSync(path, JSON.stringify(figures, null, 2) + '\n');
}

async function writeReport(
  path: string,
  settings: Settings,
  games: GameFigures[],
  mean: Figures,
): Promise<void> {
  const svgs = await Promise.all([timesChart(games), pixelsChart(games)].map(toSvg));
  writeFileSync(
    path,
    reportHtml({settings: describe(settings), versions: versionsLine(), games, overall: mean, svgs}),
  );
}

async function main(): Promise<void> {
  const {settings, paths} = readOptions(process.argv.slice(2));
  await useBackend(settings.backend);
  await ready();
  console.log(describe(settings));
  const games = compareAll(settings, paths.data);
  const mean = overall(games);
  console.log(tableText(games, mean));
  console.log(LEGEND);
  if (paths.json) writeJson(paths.json, {settings, versions: versions(), games, mean});
  if (paths.report) await writeReport(paths.report, settings, games, mean);
}

main().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
