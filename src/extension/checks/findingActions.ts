import fs from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { ignoring } from '../../core/checks/ignoring';
import { type Disposable, DisposableStore } from '../../core/common/disposable';
import { isCancellation } from '../../core/common/errors';
import { applyEdits } from '../../core/compose/composeEdit';
import type { Checked, Findings } from '../../core/findings/findings';
import type { Fixing } from '../../core/findings/fixing';
import type { Finding, Fix } from '../../core/model/finding';
import { COMMANDS } from '../contributions';
import { editsOf, hasText, newPrivateFiles, workspaceEdit } from './documentEdits';
import type { FindingDiagnostics, ShownFinding } from './findingDiagnostics';
import type { WorkspaceFindings } from './workspaceFindings';

const { QuickFix, SourceFixAll } = vscode.CodeActionKind;
/** What `editor.codeActionsOnSave` has for all that is safe to fix: `source.fixAll.berth`. */
const FIX_ALL = SourceFixAll.append('berth');

/** Mends several findings. What that comes to is worked out once it is chosen. */
class FixSeveral extends vscode.CodeAction {
  constructor(
    title: string,
    readonly findings: readonly Finding[],
    readonly checked: Checked,
  ) {
    super(title, QuickFix);
  }
}

/**
 * The fixes of findings in editors. None is offered that Compose does not accept, and none of a text that is another one by now than
 * what was checked.
 */
export class FindingActions implements Disposable, vscode.CodeActionProvider {
  private readonly owned = new DisposableStore();
  /** The fixes that Compose has accepted, by looks and their findings. */
  private readonly accepted = new WeakMap<Checked, Map<Finding, readonly Fix[]>>();

  /** The files that fixes would make, and that only this user is to read, with the texts that these would give them. */
  private readonly privateFiles = new Map<string, ReadonlySet<string>>();

  constructor(
    private readonly findings: Findings,
    private readonly all: Pick<WorkspaceFindings, 'lookOf'>,
    private readonly fixing: Fixing,
    private readonly diagnostics: FindingDiagnostics,
  ) {
    this.owned.add(
      vscode.languages.registerCodeActionsProvider({ scheme: 'file' }, this, {
        providedCodeActionKinds: [QuickFix, FIX_ALL],
      }),
    );
    this.owned.add(vscode.workspace.onDidCreateFiles((event) => void this.created(event)));
  }

  async provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics, only }: vscode.CodeActionContext,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeAction[]> {
    const { signal, dispose } = signalOf(token);
    try {
      // All that is in a file is only wanted when somebody says so, as on saving.
      if (only && FIX_ALL.intersects(only)) return await this.fixAll(document, signal);
      if (only && !QuickFix.intersects(only)) return [];
      return await this.quickFixes(document, this.diagnostics.of(document.uri.fsPath, diagnostics), signal);
    } catch (error) {
      if (isCancellation(error)) return [];
      throw error;
    } finally {
      dispose();
    }
  }

  async resolveCodeAction(action: vscode.CodeAction, token: vscode.CancellationToken): Promise<vscode.CodeAction> {
    if (!(action instanceof FixSeveral)) return action;
    const { signal, dispose } = signalOf(token);
    try {
      action.edit = await this.editOfAll(action.findings, action.checked, signal);
      return action;
    } finally {
      dispose();
    }
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** Takes away what VS Code lets others read. A file of somebody else's making stays as it is made. */
  private async created({ files }: vscode.FileCreateEvent): Promise<void> {
    await Promise.all(
      files.map(async ({ fsPath }) => {
        const texts = this.privateFiles.get(fsPath);
        if (!texts?.has(await fs.readFile(fsPath, 'utf8'))) return;
        this.privateFiles.delete(fsPath);
        await fs.chmod(fsPath, 0o600);
      }),
    );
  }

  private async quickFixes(
    document: vscode.TextDocument,
    shown: readonly ShownFinding[],
    signal: AbortSignal,
  ): Promise<vscode.CodeAction[]> {
    const current = shown.flatMap((one) => {
      const look = this.all.lookOf(one.finding);
      return look && hasText(document, look.facts.textOf(document.uri.fsPath)) ? [[one, look] as const] : [];
    });
    const made: vscode.CodeAction[] = [];
    for (const [one, look] of current) made.push(...(await this.fixesOf(one, look, document, signal)));
    for (const [one, look] of current) made.push(...(await this.ignore(one, look)));
    return [...made, ...explain(shown)];
  }

  private async fixesOf(
    { finding, diagnostic }: ShownFinding,
    checked: Checked,
    document: vscode.TextDocument,
    signal: AbortSignal,
  ): Promise<vscode.CodeAction[]> {
    const known = this.accepted.get(checked) ?? new Map<Finding, readonly Fix[]>();
    this.accepted.set(checked, known);
    const accepted = known.get(finding) ?? (await this.fixing.offered(finding, checked, signal));
    known.set(finding, accepted);
    for (const fix of accepted) {
      if (fix.kind !== 'edit') continue;
      for (const file of newPrivateFiles(fix.edits, checked.facts.textOf)) {
        const own = fix.edits.filter((edit) => edit.file === file);
        this.privateFiles.set(file, new Set([...(this.privateFiles.get(file) ?? []), applyEdits('', own)]));
      }
    }
    const single = await Promise.all(accepted.map((fix) => actionOf(fix, checked)));
    const made = single.flat();
    for (const action of made) action.diagnostics = [diagnostic];
    const [first] = made;
    const [fix] = accepted;
    if (first && fix) first.isPreferred = fix.kind === 'copy-example' || (fix.kind === 'edit' && fix.isSafe);
    return [...made, ...(accepted.some(isSafe) ? this.ofThisKind(finding, diagnostic, checked, document) : [])];
  }

  /** All of the same code in the file, where there are several that are safe to fix. */
  private ofThisKind(
    { code }: Finding,
    diagnostic: vscode.Diagnostic,
    checked: Checked,
    document: vscode.TextDocument,
  ): vscode.CodeAction[] {
    const alike = this.diagnostics
      .in(document.uri.fsPath)
      .map(({ finding }) => finding)
      .filter((other) => other.code === code && other.fixes.some(isSafe) && this.all.lookOf(other) === checked);
    if (alike.length < 2) return [];
    const action = new FixSeveral(l10n.t('Fix all {0} in this file', code), alike, checked);
    action.diagnostics = [diagnostic];
    return [action];
  }

  private async ignore({ finding, diagnostic }: ShownFinding, { facts }: Checked): Promise<vscode.CodeAction[]> {
    const { code, places } = finding;
    const [place] = places;
    const text = place && facts.textOf(place.file);
    const comment = place && text !== undefined ? await ignoring(code, place, text) : undefined;
    const edit = comment && (await workspaceEdit([comment.edit], facts.textOf));
    if (!comment || !edit) return [];
    const title = comment.isOfFile ? l10n.t('Ignore {0} in this file', code) : l10n.t('Ignore {0} here', code);
    const action = new vscode.CodeAction(title, QuickFix);
    action.edit = edit;
    action.diagnostics = [diagnostic];
    return [action];
  }

  /** What is safe to fix in a file, and changes no other one: as its text is now, be it checked or not. */
  private async fixAll(document: vscode.TextDocument, signal: AbortSignal): Promise<vscode.CodeAction[]> {
    const file = document.uri.fsPath;
    if (this.findings.facts?.textOf(file) === undefined) return [];
    if (document.isDirty) this.findings.setText(file, document.getText());
    const checked = await this.findings.check(signal);
    const own = checked.findings.filter(({ places: [place], fixes }) => {
      const fix = fixes.find(isSafe);
      return place?.file === file && fix?.edits.every((edit) => edit.file === file);
    });
    const edit = await this.editOfAll(own, checked, signal);
    if (!edit) return [];
    const action = new vscode.CodeAction(l10n.t('Fix all that Berth found and is safe to fix'), FIX_ALL);
    action.edit = edit;
    return [action];
  }

  private async editOfAll(
    findings: readonly Finding[],
    checked: Checked,
    signal: AbortSignal,
  ): Promise<vscode.WorkspaceEdit | undefined> {
    const proposed = await this.fixing.proposalOfAll(findings, checked, { signal });
    return proposed && workspaceEdit(editsOf(proposed, checked.facts.textOf), checked.facts.textOf);
  }
}

function isSafe(fix: Fix): fix is Extract<Fix, { kind: 'edit' }> {
  return fix.kind === 'edit' && fix.isSafe;
}

async function actionOf(fix: Fix, { facts }: Checked): Promise<vscode.CodeAction[]> {
  const action = new vscode.CodeAction(fix.title, QuickFix);
  if (fix.kind === 'edit') {
    action.edit = await workspaceEdit(fix.edits, facts.textOf);
    return action.edit ? [action] : [];
  }
  action.command =
    fix.kind === 'copy-example'
      ? { command: COMMANDS.copyExample, title: fix.title, arguments: [fix.missing] }
      : { command: COMMANDS.fixFinding, title: fix.title, arguments: [{ fix }] };
  return [action];
}

/** How to read more of each code, once. */
function explain(shown: readonly ShownFinding[]): vscode.CodeAction[] {
  const byCode = new Map(shown.map((one) => [one.finding.code, one]));
  return [...byCode].map(([code, { diagnostic }]) => {
    const title = l10n.t('Explain {0}', code);
    const action = new vscode.CodeAction(title, QuickFix);
    action.command = { command: COMMANDS.explainFinding, title, arguments: [code] };
    action.diagnostics = [diagnostic];
    return action;
  });
}

/** A signal that VS Code's token aborts. */
function signalOf(token: vscode.CancellationToken): { readonly signal: AbortSignal; readonly dispose: () => void } {
  const cancelling = new AbortController();
  if (token.isCancellationRequested) cancelling.abort();
  const subscription = token.onCancellationRequested(() => cancelling.abort());
  return { signal: cancelling.signal, dispose: () => subscription.dispose() };
}
