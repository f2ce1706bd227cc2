import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { MissingFile } from '../../core/common/exampleFile';
import { record, text } from '../../core/common/json';
import type { EnvironmentStore } from '../../core/environmentStore';
import type { Findings } from '../../core/findings/findings';
import type { Feedback } from '../feedback';
import type { EnvironmentTree, TreeNode } from '../views/environmentTree';
import { pick } from './picker';

/** Makes a file that is missing out of its example, for the user to fill in. */
export class ExampleCommand {
  constructor(
    private readonly tree: EnvironmentTree,
    private readonly store: EnvironmentStore,
    private readonly findings: Pick<Findings, 'all'>,
    private readonly feedback: Feedback,
  ) {}

  /**
   * Never overwrites a file.
   * @param argument the row that says what is missing, or the {@link MissingFile} itself; asked for when left out.
   */
  async run(argument: unknown): Promise<void> {
    const missing = this.tree.row(argument as TreeNode)?.missing ?? missingFrom(argument) ?? (await this.choose());
    if (!missing) return;
    const isMade = await fs.copyFile(missing.example, missing.file, constants.COPYFILE_EXCL).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
        return false;
      },
    );
    await this.store.filesChanged([missing.file]);
    await vscode.window.showTextDocument(vscode.Uri.file(missing.file));
    const name = path.basename(missing.file);
    if (isMade) this.feedback.success(l10n.t('Made {0}: look through it', name));
    else this.feedback.inform(l10n.t('{0} is there by now, and stays as it is.', name));
  }

  private async choose(): Promise<MissingFile | undefined> {
    const fixes = this.findings.all.flatMap((finding) => finding.fixes);
    const missing = new Map(
      fixes.flatMap((fix) => (fix.kind === 'copy-example' ? [[fix.missing.file, fix.missing]] : [])),
    );
    if (missing.size === 0) {
      this.feedback.inform(l10n.t('No file is missing that there is an example of.'));
      return undefined;
    }
    return pick(
      [...missing.values()].map((one) => ({
        label: vscode.workspace.asRelativePath(one.file),
        description: path.basename(one.example),
        value: one,
      })),
      l10n.t('Which file?'),
    );
  }
}

function missingFrom(argument: unknown): MissingFile | undefined {
  const { file, example } = record(argument);
  return file === undefined || example === undefined ? undefined : { file: text(file), example: text(example) };
}
