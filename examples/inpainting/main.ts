/**
 * The command: trains an autoencoder to restore painted-over areas of photographs, with reuse and without, and prints who
 * was faster. `npm run inpainting -- --help` lists the options.
 */
import {writeFileSync} from 'node:fs';
import {ready} from '../../src';
import {useBackend} from '../atari/backend';
import {toSvg} from '../atari/charts';
import {showProgress} from '../atari/progress';
import {versions, versionsLine} from '../atari/versions';
import {lossChart} from './charts';
import {compare, type Comparison} from './compare';
import {readOptions} from './options';
import {reportHtml} from './report';
import {describe, type Settings} from './settings';
import {openSubjects} from './subjects';
import {agreementLine, picturesTable, sidesTable, tableText} from './tables';

function run(settings: Settings): Comparison {
  const {updates, denseUpdates, variants, area, seed} = settings;
  const progress = showProgress((updates + denseUpdates) * variants);
  try {
    const comparison = compare(openSubjects(area, seed), settings, ({updates: made}) => {
      progress.game?.(`loss ${made[made.length - 1].loss.toFixed(4)}`);
      for (let frame = 0; frame < variants; frame++) progress.frame?.();
    });
    progress.done?.(`${comparison.figures.speedUp.toFixed(1)} times as fast`);
    return comparison;
  } finally {
    progress.stop?.();
  }
}

function writeJson(path: string, settings: Settings, {figures, restored}: Comparison): void {
  const pictures = restored.map(({name, isTrained, errors}) => ({name, isTrained, errors}));
  const all = {settings, versions: versions(), figures, pictures};
  writeFileSync(path, JSON.stringify(all, null, 2) + '\n');
}

async function writeReport(path: string, settings: Settings, {figures, restored}: Comparison): Promise<void> {
  const html = reportHtml({
    settings: describe(settings),
    versions: versionsLine(),
    sides: sidesTable(figures),
    agreement: agreementLine(figures),
    svg: await toSvg(lossChart(figures)),
    pictures: picturesTable(restored),
    restored,
  });
  writeFileSync(path, html);
}

async function main(): Promise<void> {
  const {settings, paths} = readOptions(process.argv.slice(2));
  await useBackend(settings.backend);
  await ready();
  console.log(describe(settings));
  const comparison = run(settings);
  for (const table of [sidesTable(comparison.figures), picturesTable(comparison.restored)]) {
    console.log(tableText(table));
    console.log(table.legend);
  }
  console.log(agreementLine(comparison.figures));
  if (paths.json) writeJson(paths.json, settings, comparison);
  if (paths.report) await writeReport(paths.report, settings, comparison);
}

main().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
