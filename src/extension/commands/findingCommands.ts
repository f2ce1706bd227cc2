import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Berth } from '../../core/berth';
import { commentPlaceOf, ignoring } from '../../core/checks/ignoring';
import { LIVE_CODES } from '../../core/checks/live/liveChecks';
import { unlessAborted } from '../../core/common/event';
import type { Checked } from '../../core/findings/findings';
import type { ActionFix } from '../../core/findings/fixActions';
import type { EditFix } from '../../core/findings/fixing';
import { type Finding, type Fix, SEVERITIES, type Severity } from '../../core/model/finding';
import { ALL_CODES, FINDING_CODES, type FindingCode, isFindingCode } from '../../core/model/findingCodes';
import { applyEdits } from '../checks/documentEdits';
import { SEVERITY_ICONS } from '../checks/findingRows';
import { ALL_FINDINGS, type FindingChoices, type FindingNode, type FindingTree } from '../checks/findingTree';
import { countWords, findingsWord, findingText, severityWord } from '../checks/findingWords';
import type { FixPreview } from '../checks/fixPreview';
import type { WorkspaceFindings } from '../checks/workspaceFindings';
import { CHECKS_VIEW, FOCUS_CHECKS_VIEW, VSCODE_COMMANDS } from '../contributions';
import type { Feedback } from '../feedback';
import { openPlace } from '../places';
import type { Remembered } from '../remembered';
import { themeIcon } from '../views/treeItem';
import { waitVisibly } from '../waiting';
import type { FixRuns } from './fixRuns';
import { pick } from './picker';

/** What a quick fix in an editor hands on: edits, it makes itself. */
interface ChosenFix {
  readonly fix: ActionFix;
}

/** The commands of the Checks view. */
export class FindingCommands {
  constructor(
    private readonly berth: Pick<Berth, 'store' | 'findings' | 'fixing' | 'liveFindings'>,
    private readonly findings: WorkspaceFindings,
    private readonly tree: FindingTree,
    private readonly preview: FixPreview,
    private readonly fixRuns: FixRuns,
    private readonly feedback: Feedback,
    private readonly remembered: Remembered,
    private readonly pageOf: (code: FindingCode) => vscode.Uri,
  ) {}

  /** Shows the view. */
  async show(): Promise<void> {
    await vscode.commands.executeCommand(FOCUS_CHECKS_VIEW);
  }

  /** Reads everything anew, asks engine and machine, and says what is found. */
  async checkNow(): Promise<void> {
    const { store } = this.berth;
    const look = waitVisibly(l10n.t('Checking'), async (signal) => {
      await unlessAborted(store.filesChanged(), signal);
      await unlessAborted(store.whenResolved(), signal);
      return this.findings.look(signal);
    });
    const notes = await vscode.window.withProgress({ location: { viewId: CHECKS_VIEW } }, () => look);
    const { all } = this.findings;
    const found = all.length === 0 ? l10n.t('Checked: nothing was found') : l10n.t('Checked: {0}', countWords(all));
    if (notes.length === 0) this.feedback.success(found);
    else this.feedback.inform([`${found}.`, ...notes].join(' '));
  }

  /** Works out what all that is safe to fix comes to, and shows that. */
  async fixAll(): Promise<void> {
    const { findings, fixing } = this.berth;
    const isShown = ({ severity }: Finding) => this.tree.choices.severities.includes(severity);
    const [checked, proposed] = await waitVisibly(l10n.t('Having Compose judge the fixes'), async (signal) => {
      const now = await findings.check(signal);
      return [now, await fixing.proposalOfAll(now.findings.filter(isShown), now, { signal })] as const;
    });
    if (!proposed) {
      return this.feedback.inform(l10n.t('Nothing that was found can be fixed without being asked how.'), [
        { title: l10n.t('Show Checks'), run: () => this.show() },
      ]);
    }
    await this.preview.show(proposed, checked);
    const { mended, texts } = proposed;
    this.feedback.inform(
      l10n.t(
        '{0} in {1} can be fixed so. Compose accepts the changes.',
        findingsWord(mended.length),
        filesWord(texts.size),
      ),
      [{ title: l10n.t('Apply'), run: () => this.applyFixes() }],
    );
  }

  /** Makes the changes that {@link fixAll} shows. */
  async applyFixes(): Promise<void> {
    if (!this.preview.isShown) {
      return this.feedback.inform(l10n.t('The changes are no longer shown, and nothing was changed.'), [
        { title: l10n.t('Fix All Findings…'), run: () => this.fixAll() },
      ]);
    }
    const applied = await this.preview.apply();
    if (!applied) return this.changedMeanwhile();
    const fixed = l10n.t('Fixed: {0}', countWords(applied.mended));
    // One fix can make room for another.
    const more = applied.then.findings.filter(({ fixes }) => fixes.some((fix) => fix.kind === 'edit' && fix.isSafe));
    if (more.length === 0) return this.feedback.success(fixed);
    this.feedback.inform(l10n.t('{0}. {1} can be fixed now.', fixed, findingsWord(more.length)), [
      { title: l10n.t('Fix All Findings…'), run: () => this.fixAll() },
    ]);
  }

  /** Asks how a finding is to be fixed, and does that. @param argument its row, or what a quick fix hands on; asked for when left out. */
  async fix(argument: unknown): Promise<void> {
    if (isFailureEdit(argument)) return this.editNow(argument);
    if (isChosenFix(argument)) return this.act(argument.fix);
    const finding = await this.finding(argument, ({ fixes }) => fixes.length > 0);
    const look = finding && this.findings.lookOf(finding);
    if (!finding || !look) return;
    const offered = await waitVisibly(l10n.t('Having Compose judge the fixes'), (signal) =>
      this.berth.fixing.offered(finding, look, signal),
    );
    if (offered.length === 0) {
      const [place] = finding.places;
      return this.feedback.inform(
        l10n.t('Compose does not accept the files with that fix in them. {0}', finding.remedy),
        place ? [{ title: l10n.t('Open File'), run: () => openPlace(place) }] : [],
      );
    }
    const choices = offered.map((fix) => ({ label: fix.title, value: fix }));
    // What an editor can't undo is not done by a slip.
    const always = offered.some(({ kind }) => kind !== 'edit');
    const chosen = await pick(choices, l10n.t('How is this to be fixed? {0}', finding.message), { always });
    if (chosen?.kind === 'edit') await this.edit(chosen, look);
    else if (chosen) await this.act(chosen);
  }

  /** Leaves a finding out from now on, by a comment in the file. */
  async ignore(argument: unknown): Promise<void> {
    const placeOf = (one: Finding) => commentPlaceOf(one, this.findings.lookOf(one));
    const finding = await this.finding(argument, (one) => placeOf(one) !== undefined);
    const place = finding && placeOf(finding);
    if (!place) return;
    const text = this.findings.lookOf(finding)?.facts.textOf(place.file) ?? '';
    const comment = await ignoring(finding.code, place, text);
    if (!comment) return this.feedback.inform(l10n.t('There is no place in the file for a comment.'));
    if (!(await applyEdits([comment.edit], () => text))) return this.changedMeanwhile();
    await openPlace(comment.isOfFile ? { file: place.file, line: 1 } : place);
    this.feedback.success(
      comment.isOfFile
        ? l10n.t('{0} is left out of this file', finding.code)
        : l10n.t('{0} is left out here', finding.code),
    );
  }

  /** Shows the page of a code. @param argument a code, or the row of a finding; asked for when left out. */
  async explain(argument: unknown): Promise<void> {
    const given = isFindingCode(String(argument)) ? argument : this.tree.finding(argument as FindingNode)?.code;
    const code = (given as FindingCode | undefined) ?? (await this.chooseCode());
    if (code) await vscode.commands.executeCommand(VSCODE_COMMANDS.showMarkdown, this.pageOf(code));
  }

  /** Puts what a finding says into the clipboard. */
  async copy(argument: unknown): Promise<void> {
    const finding = await this.finding(argument, () => true);
    if (!finding) return;
    const [place] = finding.places;
    const where = place && [vscode.workspace.asRelativePath(place.file), place.line].filter(Boolean).join(':');
    const text = `${findingText(finding, this.berth.store)} [${finding.code}]`;
    await vscode.env.clipboard.writeText(where ? `${where}: ${text}` : text);
    this.feedback.success(l10n.t('Copied the finding'));
  }

  /** Asks which findings are to be shown. */
  async filter(): Promise<void> {
    const items = SEVERITIES.map((severity) => {
      const own = this.findings.all.filter((one) => one.severity === severity);
      return {
        severity,
        label: severityWord(severity),
        description: countWords(own),
        iconPath: themeIcon(SEVERITY_ICONS[severity]),
        picked: this.tree.choices.severities.includes(severity),
      };
    });
    const placeHolder = l10n.t('Which findings should be shown?');
    const chosen = await vscode.window.showQuickPick(items, { canPickMany: true, placeHolder });
    if (chosen) await this.choose({ severities: chosen.map((one): Severity => one.severity) });
  }

  /** Puts findings together by file instead of by environment, or the other way round. */
  async group(): Promise<void> {
    await this.choose({ grouping: this.tree.choices.grouping === 'environment' ? 'file' : 'environment' });
  }

  private async choose(change: Partial<FindingChoices>): Promise<void> {
    const choices = { ...ALL_FINDINGS, ...this.tree.choices, ...change };
    this.tree.choose(choices);
    await this.remembered.set('findings', choices);
  }

  /** Does what is no edit, and looks again where somebody has asked engine and machine: what they told is gone only then. */
  private async act(fix: ActionFix): Promise<void> {
    const isDone = await this.fixRuns.run(fix);
    if (isDone && this.findings.hasAsked) await waitVisibly(l10n.t('Checking'), (signal) => this.findings.look(signal));
  }

  private async edit({ edits, title }: EditFix, { facts }: Checked): Promise<void> {
    if (!(await applyEdits(edits, facts.textOf))) return this.changedMeanwhile();
    const [first] = edits;
    if (first) await vscode.window.showTextDocument(vscode.Uri.file(first.file));
    this.feedback.success(title);
  }

  /** Changes files as a failure needs it, by how they and the engine are now. */
  private async editNow({ finding, fix }: FailureEdit): Promise<void> {
    const { findings, liveFindings, fixing } = this.berth;
    const { code, environments, message } = finding;
    const accepted = await waitVisibly(l10n.t('Having Compose judge the fixes'), async (signal) => {
      const now = LIVE_CODES.includes(code)
        ? await liveFindings.check(environments, signal, { codes: [code] })
        : await findings.check(signal);
      const same = now.findings.find((one) => one.message === message);
      const edit = same?.fixes.find((one) => one.kind === 'edit' && one.title === fix.title);
      if (!same || edit?.kind !== 'edit') return undefined;
      return (await fixing.proposal([[same, edit]], now, signal)) && { edit, now };
    });
    if (accepted) await this.edit(accepted.edit, accepted.now);
    else this.changedMeanwhile();
  }

  private changedMeanwhile(): void {
    this.feedback.inform(l10n.t('The file was changed meanwhile. Try again.'));
  }

  /** The finding that a command was given, or that is chosen. */
  private async finding(argument: unknown, isMeant: (finding: Finding) => boolean): Promise<Finding | undefined> {
    const given = this.tree.finding(argument as FindingNode);
    if (given) return given;
    const choices = this.tree.shown.filter(isMeant).map((finding) => {
      const [place] = finding.places;
      const where = place && [vscode.workspace.asRelativePath(place.file), place.line].filter(Boolean).join(':');
      return {
        label: finding.message,
        description: where,
        iconPath: themeIcon(SEVERITY_ICONS[finding.severity]),
        value: finding,
      };
    });
    if (choices.length > 0) return pick(choices, l10n.t('Which finding?'), { always: true });
    this.feedback.inform(l10n.t('Nothing was found that this applies to.'));
    return undefined;
  }

  private chooseCode(): Promise<FindingCode | undefined> {
    const found = new Set(this.findings.all.map(({ code }) => code));
    const inOrder = [...ALL_CODES].sort((a, b) => Number(found.has(b)) - Number(found.has(a)));
    const choices = inOrder.map((code) => ({
      label: code,
      description: FINDING_CODES[code].title(),
      detail: found.has(code) ? l10n.t('found in this workspace') : undefined,
      value: code,
    }));
    return pick(choices, l10n.t('Which code?'));
  }
}

function filesWord(count: number): string {
  return count === 1 ? l10n.t('1 file') : l10n.t('{0} files', count);
}

/** A fix of a failure that changes files. */
interface FailureEdit {
  readonly finding: Finding;
  readonly fix: EditFix;
}

function isFailureEdit(argument: unknown): argument is FailureEdit {
  return isChosenFix(argument) && 'finding' in argument && (argument.fix as Fix).kind === 'edit';
}

function isChosenFix(argument: unknown): argument is ChosenFix {
  return typeof argument === 'object' && argument !== null && 'fix' in argument;
}
