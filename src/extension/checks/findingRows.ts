import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Place } from '../../core/common/errors';
import { isWithin } from '../../core/model/dataFolder';
import { purposeWord } from '../../core/model/environment';
import type { Finding, Severity } from '../../core/model/finding';
import { FINDING_CODES } from '../../core/model/findingCodes';
import { placeWords } from '../../core/model/provenance';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import { ERROR_ICON, INFO_ICON, PURPOSE_ICONS, WARNING_ICON } from '../views/icons';
import type { Fact, Icon, Row } from '../views/row';
import { nameAmong } from '../words';
import { countWords, environmentNames, type Named, severityWord } from './findingWords';

/** The icon of a severity. The shapes differ, too: colour alone would not tell everybody. */
export const SEVERITY_ICONS: Readonly<Record<Severity, Icon>> = {
  error: ERROR_ICON,
  warning: WARNING_ICON,
  info: INFO_ICON,
};

/** The row that holds the findings of an environment. */
export function environmentGroupRow(environment: EnvironmentSnapshot, findings: readonly Finding[], store: Named): Row {
  const { purpose } = environment.definition;
  const label = nameAmong(environment, store.environments);
  const row = groupRow(
    label,
    findings,
    { id: PURPOSE_ICONS[purpose] },
    l10n.t('environment for {0}', purposeWord(purpose)),
  );
  // The same for ever: VS Code keeps what a user has folded or unfolded otherwise.
  return { ...row, expanded: purpose === 'development' };
}

/** The row that holds the findings of a file. */
export function fileGroupRow(file: string, findings: readonly Finding[], folders: readonly string[]): Row {
  return groupRow(whereWords({ file }, folders), findings, { id: 'file' }, l10n.t('file'));
}

/** The row that holds the findings that are about no environment. */
export function workspaceGroupRow(findings: readonly Finding[]): Row {
  return groupRow(l10n.t('Workspace'), findings, { id: 'root-folder' }, l10n.t('of no environment'));
}

/** The row that holds the findings that are in no file. */
export function engineGroupRow(findings: readonly Finding[]): Row {
  return groupRow(l10n.t('In No File'), findings, { id: 'server' }, l10n.t('of the engine and this machine'));
}

function groupRow(label: string, findings: readonly Finding[], icon: Icon, kind: string): Row {
  const counts = countWords(findings);
  return {
    label,
    description: counts,
    icon,
    tooltip: { title: label, text: counts, facts: [] },
    contextValue: 'findings',
    accessibleLabel: [label, kind, counts].join(', '),
    expanded: true,
  };
}

/**
 * A finding.
 * @param folders the workspace folders, which its places are named from.
 * @param canIgnore whether a comment could leave it out.
 */
export function findingRow(
  finding: Finding,
  {
    folders,
    canIgnore,
    store,
  }: { readonly folders: readonly string[]; readonly canIgnore: boolean; readonly store: Named },
): Row {
  const { code, severity, message, remedy, places, fixes } = finding;
  const [place] = places;
  const names = environmentNames(finding, store).join(', ');
  const where = place && whereWords(place, folders);
  const canFix = fixes.length > 0;
  return {
    label: message,
    description: where,
    icon: SEVERITY_ICONS[severity],
    tooltip: {
      title: message,
      text: remedy,
      facts: [
        { name: severityWord(severity), value: `${FINDING_CODES[code].title()} (${code})` },
        ...(names ? [{ name: l10n.t('Environments'), value: names }] : []),
        ...places.map((one): Fact => {
          const words = whereWords(one, folders);
          const parts = [{ text: words, place: one }, ...(one.note === undefined ? [] : [{ text: ` ${one.note}` }])];
          return { name: l10n.t('Place'), value: parts.map(({ text }) => text).join(''), parts };
        }),
        ...fixes.map(({ title }) => ({ name: l10n.t('Fix'), value: title })),
      ],
    },
    contextValue: [
      'finding',
      ...(canFix ? ['fixFinding', 'inline-fixFinding'] : []),
      ...(canIgnore ? ['ignoreFinding'] : []),
    ].join(' '),
    accessibleLabel: [
      severityWord(severity),
      message,
      ...(where ? [where] : []),
      ...(names ? [names] : []),
      ...(canFix ? [l10n.t('has a fix')] : []),
    ].join(', '),
    click: place && { kind: 'open', place },
  };
}

/** `compose.yaml:12`, with the name of its workspace folder in front where there are several; whole where it is in none. */
function whereWords(place: Place, folders: readonly string[]): string {
  const folder = folders.find((one) => isWithin(one, place.file));
  if (folder === undefined) return place.line === undefined ? place.file : `${place.file}:${place.line}`;
  return placeWords(place, folders.length > 1 ? path.dirname(folder) : folder);
}
