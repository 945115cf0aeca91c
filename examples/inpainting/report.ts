/** The report: one HTML file that needs nothing beside it. It puts the parts together; the chart comes drawn. */
import {escapeHtml, figuresHtml, pageHtml} from '../atari/report';
import {toPng, type Picture} from './images';
import type {Restored} from './restore';
import type {TableParts} from './tables';

export interface ReportParts {
  /** What was run, and on what. */
  readonly settings: string;
  readonly versions: string;
  readonly sides: TableParts;
  /** Whether both sides learnt the same. */
  readonly agreement: string;
  /** A drawn chart, trusted as it is. */
  readonly svg: string;
  readonly pictures: TableParts;
  readonly restored: readonly Restored[];
}

const GRID_STYLE = `
  .pictures { display: grid; grid-template-columns: repeat(4, 1fr); gap: 0.75rem; max-width: 46rem; margin: 1rem 0; }
  .pictures figure { margin: 0; }
  .pictures img { width: 100%; image-rendering: pixelated; display: block; }
  .pictures figcaption { font-size: 13px; color: #666; }
`;

const STATES = [
  ['painted', 'painted over'],
  ['before', 'before training'],
  ['after', 'after training'],
  ['original', 'original'],
] as const;

export function reportHtml(parts: ReportParts): string {
  const {settings, versions, sides, agreement, svg, pictures, restored} = parts;
  return pageHtml(
    'Inpainting, dense against reuse',
    `<style>${GRID_STYLE}</style>
<p>${escapeHtml(settings)}.</p>
${tableHtml(sides)}
<p>${escapeHtml(agreement)}</p>
${figuresHtml([svg])}
<h2>Held-out squares</h2>
<p>Nothing in these squares was painted over in training. A picture's squares are restored all at once.</p>
${tableHtml(pictures)}
${restored.map(picturesHtml).join('\n')}
<p class="note">${escapeHtml(versions)}</p>`,
  );
}

export function tableHtml({head, rows, legend}: TableParts): string {
  const cells = (tag: string, texts: readonly string[]) =>
    `<tr>${texts.map((text) => `<${tag}>${escapeHtml(text)}</${tag}>`).join('')}</tr>`;
  return `<table>
<thead>${cells('th', head)}</thead>
<tbody>
${rows.map((row) => cells('td', row)).join('\n')}
</tbody>
</table>
<p class="note">${escapeHtml(legend)}</p>`;
}

function picturesHtml({name, isTrained, pictures}: Restored): string {
  const about = isTrained ? name : `${name}, not trained with`;
  const figures = STATES.map(([state, text]) => figureHtml(pictures[state], `${about}: ${text}`));
  return `<div class="pictures">
${figures.join('\n')}
</div>`;
}

function figureHtml(picture: Picture, caption: string): string {
  const source = `data:image/png;base64,${toPng(picture).toString('base64')}`;
  const text = escapeHtml(caption);
  return `<figure><img src="${source}" alt="${text}"><figcaption>${text}</figcaption></figure>`;
}
