/** The report: an HTML page, and beside it the pictures that it shows. It puts the parts together; charts come drawn. */
import {escapeHtml, figuresHtml, pageHtml} from '../atari/report';
import {tableHtml} from '../inpainting/report';
import type {TableParts} from '../inpainting/tables';
import type {Snapshot} from './compare';
import {COLOURS, withRegion, withResult} from './overlay';
import {toPng} from './pictures';

export interface ReportParts {
  /** What was run, and on what. */
  readonly settings: string;
  readonly versions: string;
  readonly table: TableParts;
  readonly clip: string;
  /** Drawn charts, trusted as they are. */
  readonly svgs: readonly string[];
  readonly snapshots: readonly Snapshot[];
}

const GRID_STYLE = `
  .pictures { display: grid; grid-template-columns: repeat(3, 1fr); gap: 0.75rem; margin: 1rem 0; }
  .pictures figure { margin: 0; }
  .pictures img { width: 100%; display: block; }
  .pictures figcaption { font-size: 13px; color: #666; }
`;

const VIEWS = [
  ['dense', 'without reuse'],
  ['reuse', 'with reuse'],
  ['changed', 'changed since the frame before'],
] as const;

type View = (typeof VIEWS)[number][0];

export function reportHtml({settings, versions, table, clip, svgs, snapshots}: ReportParts): string {
  return pageHtml(
    'Camera, dense against reuse',
    `<style>${GRID_STYLE}</style>
<p>${escapeHtml(settings)}.</p>
${tableHtml(table)}
<p>${escapeHtml(clip)}</p>
${figuresHtml(svgs)}
<h2>Frames</h2>
${snapshots.map(snapshotHtml).join('\n')}
<p class="note">${escapeHtml(versions)}</p>`,
  );
}

/** The pictures that the page shows, by the names it has for them. */
export function reportPictures(snapshots: readonly Snapshot[]): Map<string, Buffer> {
  return new Map(
    snapshots.flatMap((snapshot) =>
      VIEWS.map(([view]) => [fileOf(snapshot, view), toPng(pictureOf(snapshot, view))] as const),
    ),
  );
}

function snapshotHtml(snapshot: Snapshot): string {
  const figures = VIEWS.map(([view, text]) => {
    const caption = `frame ${snapshot.frame}: ${text}`;
    return `<figure><img src="${fileOf(snapshot, view)}" alt="${caption}"><figcaption>${caption}</figcaption></figure>`;
  });
  return `<div class="pictures">
${figures.join('\n')}
</div>`;
}

function fileOf({frame}: Snapshot, view: View): string {
  return `frame-${`${frame}`.padStart(4, '0')}-${view}.png`;
}

function pictureOf({picture, changed, ...results}: Snapshot, view: View) {
  if (view === 'changed') return withRegion(picture, changed, COLOURS.region);
  return withResult(picture, results[view], COLOURS[view]);
}
