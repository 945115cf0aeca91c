/**
 * The command: plays recordings of the paper's 24 games through its network, with reuse and without, and prints who was
 * faster. `npm run atari -- --help` lists the options.
 */
import {writeFileSync} from 'node:fs';
import {ready} from '../../src';
import {useBackend} from './backend';
import {pixelsChart, timesChart, toSvg} from './charts';
import {columnsFor, LEGEND} from './columns';
import {compareGame} from './compare';
import {conclude, type Conclusions} from './conclusions';
import {overall, type Figures, type GameFigures} from './figures';
import {readOptions} from './options';
import {missingText, peersBeside, type PeerName} from './peers/names';
import {openPeers, versionsOf, type Peer} from './peers/open';
import {showProgress} from './progress';
import {openRecording} from './recording';
import {reportHtml} from './report';
import {describe, type Paths, type Settings} from './settings';
import {tableOf} from './table';
import {versions, versionsLine, type Versions} from './versions';

async function compareAll(
  settings: Settings,
  data: string | undefined,
  peers: readonly Peer[],
): Promise<GameFigures[]> {
  const progress = showProgress(settings.games.length * settings.steps);
  const all: GameFigures[] = [];
  try {
    for (const game of settings.games) {
      progress.game?.(game);
      const recording = openRecording(game, data);
      const figures = await compareGame(game, recording, settings, peers, () => progress.frame?.());
      progress.done?.(`${game}: ${figures.speedUp.toFixed(1)} times as fast`);
      all.push(figures);
    }
  } finally {
    progress.stop?.();
  }
  return all;
}

/** What a run came to. */
interface Outcome {
  readonly settings: Settings;
  readonly versions: Versions;
  readonly games: readonly GameFigures[];
  readonly mean: Figures;
}

function print(
  {settings, games, mean}: Outcome,
  {details, sentence, slower}: Conclusions,
  missing: readonly PeerName[],
): void {
  console.log(tableOf(columnsFor(settings.backend, mean), games, mean));
  console.log(LEGEND);
  if (missing.length > 0) console.log(missingText(missing));
  details.forEach((text) => console.log(text));
  console.log(`\n${sentence}`);
  if (slower) console.log(slower);
}

async function writeReport(
  path: string,
  {settings, versions, games, mean}: Outcome,
  conclusions: Conclusions,
): Promise<void> {
  const html = reportHtml({
    settings: describe(settings),
    versions: versionsLine(versions),
    conclusions,
    columns: columnsFor(settings.backend, mean),
    games,
    overall: mean,
    svgs: await Promise.all([timesChart(games), pixelsChart(games)].map(toSvg)),
  });
  writeFileSync(path, html);
}

async function run(settings: Settings, {data, json, report}: Paths): Promise<void> {
  console.log(describe(settings));
  const wanted = peersBeside(settings.backend);
  const opening = openPeers(wanted);
  try {
    await useBackend(settings.backend);
    await ready();
    const peers = await opening;
    const games = await compareAll(settings, data, peers);
    const mean = overall(games);
    const outcome = {settings, versions: {...versions(), ...versionsOf(peers)}, games, mean};
    const conclusions = conclude(settings.backend, games, mean);
    const missing = wanted.filter((name) => !peers.some((peer) => peer.name === name));
    print(outcome, conclusions, missing);
    if (json) writeFileSync(json, JSON.stringify(outcome, null, 2) + '\n');
    if (report) await writeReport(report, outcome, conclusions);
  } finally {
    (await opening).forEach((peer) => peer.close());
  }
}

async function main(): Promise<void> {
  const {settings, paths} = readOptions(process.argv.slice(2));
  await run(settings, paths);
}

main().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
