import * as l10n from '@vscode/l10n';
import type { EnvironmentStore } from '../../core/environmentStore';
import type { Finding, Severity } from '../../core/model/finding';
import { nameAmong } from '../words';

/*
 * What findings are called wherever the extension shows them. Like the other words, these know nothing of VS Code.
 */

/** Where the names of environments come from. */
export type Named = Pick<EnvironmentStore, 'environments' | 'find'>;

/** How much a finding matters, in a word. */
export function severityWord(severity: Severity): string {
  switch (severity) {
    case 'error':
      return l10n.t('Error');
    case 'warning':
      return l10n.t('Warning');
    case 'info':
      return l10n.t('Remark');
  }
}

/** `2 errors, 1 warning`; what there is none of is left out. */
export function countWords(findings: readonly Finding[]): string {
  const count = (severity: Severity) => findings.filter((one) => one.severity === severity).length;
  const [errors, warnings, remarks] = [count('error'), count('warning'), count('info')];
  return [
    errors === 1 ? l10n.t('1 error') : errors > 1 && l10n.t('{0} errors', errors),
    warnings === 1 ? l10n.t('1 warning') : warnings > 1 && l10n.t('{0} warnings', warnings),
    remarks === 1 ? l10n.t('1 remark') : remarks > 1 && l10n.t('{0} remarks', remarks),
  ]
    .filter(Boolean)
    .join(', ');
}

/** `5 findings`. */
export function findingsWord(count: number): string {
  return count === 1 ? l10n.t('1 finding') : l10n.t('{0} findings', count);
}

/** The names of the environments that a finding is about. */
export function environmentNames({ environments }: Finding, store: Named): readonly string[] {
  return environments.flatMap((id) => {
    const environment = store.find(id);
    return environment ? [nameAmong(environment, store.environments)] : [];
  });
}

/** What is so, what to do, and of which environments: all in one text. */
export function findingText(finding: Finding, store: Named): string {
  const names = environmentNames(finding, store);
  const text = [finding.message, finding.remedy].filter(Boolean).join(' ');
  return names.length === 0 ? text : l10n.t('{0} (environments: {1})', text, names.join(', '));
}
