import * as l10n from '@vscode/l10n';
import { type Disposable, DisposableStore } from '../../core/common/disposable';
import { Emitter, type Event } from '../../core/common/event';
import type { EnvironmentStore } from '../../core/environmentStore';
import type { Checked, Findings } from '../../core/findings/findings';
import type { LiveFindings } from '../../core/findings/liveFindings';
import { bySeverity, type Finding } from '../../core/model/finding';

/**
 * What is found in the files, kept up to date, and what was found of engine and machine when somebody asked. That is of its moment, and
 * forgotten once files are read anew.
 */
export class WorkspaceFindings implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly emitter = this.owned.add(new Emitter<void>());
  private live: Checked | undefined;
  /** How many looks at engine and machine were begun, and up to which of them what they find is out of date. */
  private begun = 0;
  private outdated = 0;

  /** Fires when there are other findings than before. */
  readonly onDidChange: Event<void> = this.emitter.event;

  constructor(
    private readonly findings: Pick<Findings, 'checked' | 'all' | 'onDidChange' | 'refresh'>,
    private readonly liveFindings: Pick<LiveFindings, 'check'>,
    private readonly store: Pick<EnvironmentStore, 'environments' | 'isTrusted' | 'onDidRead'>,
  ) {
    this.owned.add(findings.onDidChange(() => this.emitter.fire()));
    this.owned.add(
      store.onDidRead(() => {
        this.outdated = this.begun;
        this.setLive(undefined);
      }),
    );
  }

  /** All findings, the worst first. */
  get all(): readonly Finding[] {
    return [...this.findings.all, ...(this.live?.findings ?? [])].sort(bySeverity);
  }

  /** The last look at the files; undefined before the first one. */
  get checked(): Checked | undefined {
    return this.findings.checked;
  }

  /** Whether anything is known that engine and machine were asked for. */
  get hasAsked(): boolean {
    return this.live !== undefined;
  }

  /** The look that a finding is of, and with it the texts that its places and edits are meant for. */
  lookOf(finding: Finding): Checked | undefined {
    return this.live?.findings.includes(finding) ? this.live : this.findings.checked;
  }

  /**
   * Looks at everything now, engine and machine included, where the workspace is trusted. What engine and machine have told is left out
   * where files were read anew meanwhile, or a later look has ended before.
   * @returns what could not be found out, one sentence each.
   * @throws the signal's reason when aborted.
   */
  async look(signal: AbortSignal): Promise<readonly string[]> {
    await this.findings.refresh(signal);
    if (!this.store.isTrusted) return [];
    const ids = this.store.environments.map(({ definition }) => definition.id);
    this.begun += 1;
    const own = this.begun;
    const live = await this.liveFindings.check(ids, signal, { runsCommands: true });
    if (own > this.outdated) {
      this.outdated = own;
      this.setLive(live);
      return live.notes;
    }
    return this.live ? [] : [l10n.t('Files changed meanwhile: check again for what engine and machine tell.')];
  }

  dispose(): void {
    this.owned.dispose();
  }

  private setLive(live: Checked | undefined): void {
    const isOther = (this.live?.findings.length ?? 0) + (live?.findings.length ?? 0) > 0;
    this.live = live;
    if (isOther) this.emitter.fire();
  }
}
