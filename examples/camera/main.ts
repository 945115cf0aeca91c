/**
 * The command: runs a pretrained model over a clip, with reuse and without, and prints who was faster and how far the
 * results agree. `npm run camera -- --help` lists the options.
 */
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {ready} from '../../src';
import {useBackend} from '../atari/backend';
import {toSvg} from '../atari/charts';
import {showProgress} from '../atari/progress';
import {versions, versionsLine} from '../atari/versions';
import {tableText} from '../inpainting/tables';
import {agreementChart, distanceChart, layersChart, sharesChart, timesChart} from './charts';
import {compare, type Comparison} from './compare';
import {openClip} from './clips';
import {loadModel} from './load-model';
import {modelNamed} from './models';
import {readOptions} from './options';
import {reportHtml, reportPictures} from './report';
import {describe, type Settings} from './settings';
import {clipLine, sidesTable} from './tables';

async function run(settings: Settings): Promise<Comparison> {
  const task = modelNamed(settings.model);
  const clip = openClip(settings, task.size);
  const model = await loadModel(task.name);
  const progress = showProgress(clip.length);
  try {
    progress.game?.(task.name);
    const comparison = compare(model, task, clip, settings, () => progress.frame?.());
    progress.done?.(`${comparison.figures.speedUp.toFixed(1)} times as fast`);
    return comparison;
  } finally {
    progress.stop?.();
    model.dispose();
  }
}

async function writeReport(
  folder: string,
  settings: Settings,
  {figures, snapshots}: Comparison,
): Promise<void> {
  const charts = [timesChart, agreementChart, distanceChart, sharesChart].map((chart) => chart(figures));
  if (figures.layers.length > 0) charts.push(layersChart(figures.layers));
  const html = reportHtml({
    settings: describe(settings),
    versions: versionsLine(),
    table: sidesTable(figures),
    clip: clipLine(figures),
    svgs: await Promise.all(charts.map(toSvg)),
    snapshots,
  });
  mkdirSync(folder, {recursive: true});
  writeFileSync(join(folder, 'report.html'), html);
  const json = JSON.stringify({settings, versions: versions(), figures}, null, 2);
  writeFileSync(join(folder, 'figures.json'), json + '\n');
  for (const [name, file] of reportPictures(snapshots)) writeFileSync(join(folder, name), file);
}

async function main(): Promise<void> {
  const {settings, paths} = readOptions(process.argv.slice(2));
  await useBackend(settings.backend);
  await ready();
  console.log(describe(settings));
  const comparison = await run(settings);
  const table = sidesTable(comparison.figures);
  console.log(tableText(table));
  console.log(table.legend);
  console.log(clipLine(comparison.figures));
  if (paths.out) await writeReport(paths.out, settings, comparison);
}

main().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
