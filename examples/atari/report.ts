/** The report: one HTML file that needs nothing beside it. It puts the parts together; charts come drawn. */
import {LEGEND, type Column} from './columns';
import type {Conclusions} from './conclusions';
import type {Figures} from './figures';

export interface ReportParts {
  /** What was run, and on what. */
  readonly settings: string;
  readonly versions: string;
  readonly conclusions: Conclusions;
  readonly columns: readonly Column<Figures>[];
  readonly games: readonly Figures[];
  readonly overall: Figures;
  /** Drawn charts, trusted as they are. */
  readonly svgs: readonly string[];
}

const STYLE = `
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 66rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
  h1 { font-size: 1.4rem; }
  h2 { font-size: 1.15rem; margin-top: 2rem; }
  svg { max-width: 100%; height: auto; margin: 1rem 0; }
  table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
  th, td { padding: 0.15rem 0.5rem; text-align: right; }
  th { border-bottom: 1px solid #888; vertical-align: bottom; }
  th:first-child, td:first-child { text-align: left; }
  tfoot td { border-top: 1px solid #888; font-weight: bold; }
  p.note { color: #666; font-size: 13px; }
`;

export function reportHtml(parts: ReportParts): string {
  const {settings, versions, conclusions, columns, games, overall, svgs} = parts;
  const {sentence, slower, details} = conclusions;
  return pageHtml(
    'Atari, dense against reuse',
    `<p><strong>${escapeHtml(sentence)}</strong> ${escapeHtml(slower ?? '')}</p>
<p>${escapeHtml(details.join(' '))}</p>
<p>${escapeHtml(settings)}.</p>
${figuresHtml(svgs)}
${tableHtml(columns, games, overall)}
<p class="note">${escapeHtml(LEGEND)}</p>
<p class="note">${escapeHtml(versions)}</p>`,
  );
}

/** @param content HTML, trusted as it is */
export function pageHtml(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>tfjs-reuse: ${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${content}
</body>
</html>
`;
}

export function figuresHtml(svgs: readonly string[]): string {
  return svgs.map((svg) => `<figure>${svg}</figure>`).join('\n');
}

export function tableHtml<Row>(columns: readonly Column<Row>[], games: readonly Row[], overall: Row): string {
  return `<table>
<thead><tr>${columns.map(({title}) => `<th>${escapeHtml(title)}</th>`).join('')}</tr></thead>
<tbody>
${games.map((row) => rowHtml(columns, row)).join('\n')}
</tbody>
<tfoot>${rowHtml(columns, overall)}</tfoot>
</table>`;
}

function rowHtml<Row>(columns: readonly Column<Row>[], row: Row): string {
  return `<tr>${columns.map(({text}) => `<td>${escapeHtml(text(row))}</td>`).join('')}</tr>`;
}

export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'};
  return text.replace(/[&<>"]/g, (character) => entities[character]);
}
