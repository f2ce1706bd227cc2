import { stripVTControlCharacters } from 'node:util';
import * as l10n from '@vscode/l10n';
import { messageOf, UserError } from '../../core/common/errors';
import { isBad, type TestCase } from '../../core/model/testCase';
import type { TestRunResult } from '../../core/runs/testRun';

/** An error with all there is to say: what happened, what programs printed of it, and what to do. */
export function errorWords(error: unknown): string {
  const { output, remedy } = error instanceof UserError ? error.details : {};
  return [messageOf(error), output && stripVTControlCharacters(output).trim(), remedy].filter(Boolean).join('\n\n');
}

/** Why a command that ran to its end did not pass. */
export function failureWords({ command, exitCode = 0, cases, failing, folder }: TestRunResult): string {
  const bad = cases.filter(isBad).length;
  return [
    l10n.t('"{0}" ended with exit code {1}.', command, exitCode),
    bad > 0 && l10n.t('{0} of {1} tests failed.', bad, cases.length),
    failing.length > 0 && l10n.t('While it ran, these services failed: {0}.', failing.join(', ')),
    folder && l10n.t('The logs of all services are in {0}.', folder),
  ]
    .filter(Boolean)
    .join('\n');
}

/** Why a test did not pass: its message, which is shown as a title, and what else is told unless that begins with it. */
export function caseWords({ name, message = '', details = '' }: TestCase): string {
  if (details.startsWith(message)) return details || name;
  return [message, details].filter(Boolean).join('\n\n');
}
