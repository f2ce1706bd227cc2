import * as l10n from '@vscode/l10n';
import { type Comparison, cellLines, differences, factLabel } from '../../core/model/comparison';
import type { EnvironmentFacts } from '../../core/model/facts';
import { COMMANDS } from '../contributions';

/** What every page needs. */
export interface PageFrame {
  /** A random word that lets the page's own style through its security policy; there are no scripts. */
  readonly nonce: string;
  /** The language of the window, as a screen reader needs it: `en`. */
  readonly language: string;
}

/** How a comparison is shown. */
export interface PageOptions extends PageFrame {
  /** What an environment is called in the head of its column. */
  readonly nameOf: (environment: EnvironmentFacts) => string;
  readonly onlyDifferences: boolean;
}

/** A comparison as a page: a table that stands by itself for a screen reader, too, in the colours of the theme. */
export function comparisonPage(comparison: Comparison, options: PageOptions): string {
  const { nameOf, onlyDifferences } = options;
  const { environments, sections } = onlyDifferences ? differences(comparison) : comparison;
  const columns = environments.length + 1;
  const heads = environments.map((one) => `<th scope="col">${escaped(nameOf(one))}${errorOf(one)}</th>`);
  const bodies = sections.map(({ service, rows }) =>
    [
      '<tbody>',
      service === undefined
        ? ''
        : `<tr class="service"><th scope="rowgroup" colspan="${columns}"><span>${escaped(service)}</span></th></tr>`,
      ...rows.map(({ fact, cells, differs }) => {
        const all = cells.map((cell) => `<td>${cellLines(cell).map(escaped).join('<br>')}</td>`).join('');
        return `<tr${differs ? ' class="differs"' : ''}><th scope="row">${mark(differs)}${escaped(factLabel(fact))}</th>${all}</tr>`;
      }),
      '</tbody>',
    ].join(''),
  );
  const nothing = sections.every(({ rows }) => rows.length === 0);
  const content = nothing
    ? `<p>${escaped(l10n.t('They do not differ.'))}</p>`
    : `<table><thead><tr><th scope="col">${escaped(l10n.t('Fact'))}</th>${heads.join('')}</tr></thead>${bodies.join('')}</table>`;
  return page(`${toggle(onlyDifferences)}${content}`, options);
}

/** A page that says only why there is no comparison, or not yet. */
export function messagePage(message: string, frame: PageFrame): string {
  return page(`<p>${escaped(message)}</p>`, frame);
}

function mark(differs: boolean): string {
  if (!differs) return '<span class="mark"></span>';
  return `<span class="mark" aria-hidden="true">≠</span><span class="spoken">${escaped(l10n.t('differs:'))} </span>`;
}

function toggle(onlyDifferences: boolean): string {
  const legend = escaped(l10n.t('≠ marks what differs.'));
  const label = onlyDifferences ? l10n.t('Show Everything') : l10n.t('Show Only Differences');
  return `<p>${legend} <a href="command:${COMMANDS.toggleSame}">${escaped(label)}</a></p>`;
}

function errorOf({ error }: EnvironmentFacts): string {
  return error ? `<p class="error">✖ ${escaped(error.message)}</p>` : '';
}

function page(content: string, { nonce, language }: PageFrame): string {
  return `<!DOCTYPE html>
<html lang="${escaped(language)}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'">
<title>${escaped(l10n.t('Compare Environments'))}</title>
<style nonce="${nonce}">${STYLE}</style></head><body>${content}</body></html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Sticky cells need borders of their own: those of a table that are collapsed scroll away. */
const STYLE = `
body { padding: 0 1em 1em; }
table { border-collapse: separate; border-spacing: 0; }
th, td {
  text-align: start; vertical-align: top; padding: 0.3em 0.8em; white-space: nowrap;
  border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
  background: var(--vscode-editor-background);
}
td { font-family: var(--vscode-editor-font-family); font-size: var(--vscode-editor-font-size); }
thead th { position: sticky; top: 0; z-index: 2; }
th[scope=row], thead th:first-child { position: sticky; left: 0; font-weight: normal; }
thead th:first-child { z-index: 3; }
th[scope=row] { z-index: 1; }
tr.service th { padding-top: 1.2em; }
tr.service span { position: sticky; left: 0.8em; }
tr.differs th { font-weight: bold; }
tr.differs td { background: var(--vscode-editor-inactiveSelectionBackground, var(--vscode-editor-background)); }
.mark { display: inline-block; width: 1.4em; }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.error { color: var(--vscode-errorForeground); font-weight: normal; white-space: normal; margin: 0.2em 0 0; }
`;
