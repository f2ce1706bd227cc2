import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { MissingFile } from '../common/exampleFile';
import type { Fix } from '../model/finding';

/** The fix that makes a missing file of its example; none where it has no example. */
export function copyOf(missing: MissingFile | undefined): readonly Fix[] {
  if (!missing) return [];
  const title = l10n.t('Copy {0} to {1}', path.basename(missing.example), path.basename(missing.file));
  return [{ kind: 'copy-example', title, missing }];
}
