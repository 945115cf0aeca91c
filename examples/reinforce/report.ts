/** The report: one HTML file that needs nothing beside it. It puts the parts together; charts come drawn. */
import {escapeHtml, figuresHtml, pageHtml, tableHtml} from '../atari/report';
import {columnsFor, legendFor} from './recorded/columns';
import type {Figures} from './recorded/figures';

export interface RecordedPart {
  /** What was run, and on what. */
  readonly settings: string;
  readonly games: readonly Figures[];
  readonly overall: Figures;
  /** Where actions and rewards are from. */
  readonly note: string;
  /** Drawn charts, trusted as they are. */
  readonly svgs: readonly string[];
}

export interface LivePart {
  readonly settings: string;
  readonly lines: readonly string[];
  readonly svg: string;
}

export interface ReportParts {
  readonly versions: string;
  readonly recorded?: RecordedPart;
  readonly live?: LivePart;
}

export function reportHtml({versions, recorded, live}: ReportParts): string {
  const parts = [
    recorded && recordedHtml(recorded),
    live && liveHtml(live),
    `<p class="note">${escapeHtml(versions)}</p>`,
  ];
  return pageHtml('REINFORCE, dense against reuse', parts.filter(Boolean).join('\n'));
}

function recordedHtml({settings, games, overall, note, svgs}: RecordedPart): string {
  return `<h2>Recorded games</h2>
<p>${escapeHtml(settings)}. ${escapeHtml(note)}</p>
${figuresHtml(svgs)}
${tableHtml(columnsFor(overall), games, overall)}
<p class="note">${escapeHtml(legendFor(overall))}</p>`;
}

function liveHtml({settings, lines, svg}: LivePart): string {
  return `<h2>A live game</h2>
<p>${escapeHtml(settings)}.</p>
${figuresHtml([svg])}
${lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n')}`;
}
