import * as l10n from '@vscode/l10n';
import type { Berth } from '../../core/berth';
import { type ActionFix, isToBeConfirmed } from '../../core/findings/fixActions';
import type { Fix } from '../../core/model/finding';
import type { Feedback } from '../feedback';
import { showProgress, waitVisibly } from '../waiting';
import type { CommandRuns } from './commandRuns';
import { confirm } from './confirmation';
import type { ExampleCommand } from './exampleCommand';
import type { OperationCommands } from './operationCommands';

/** Does the fixes that are no edits. What ends something is asked about first. */
export class FixRuns {
  constructor(
    private readonly berth: Pick<Berth, 'store' | 'fixActions'>,
    private readonly examples: ExampleCommand,
    private readonly operations: OperationCommands,
    private readonly commandRuns: CommandRuns,
    private readonly feedback: Feedback,
  ) {}

  /** @returns false when the user did not want it after all. */
  async run(fix: ActionFix): Promise<boolean> {
    switch (fix.kind) {
      case 'copy-example':
        await this.examples.run(fix.missing);
        return true;
      case 'operation':
        // It asks and tells by itself.
        await this.operate(fix);
        return true;
      case 'run-command': {
        const { environmentId, command } = fix;
        await this.commandRuns.runNamed({ kind: 'command', environmentId, command });
        return true;
      }
      default:
        return this.act(fix);
    }
  }

  private async act(fix: ActionFix): Promise<boolean> {
    if (isToBeConfirmed(fix)) {
      const question = l10n.t('{0}?', fix.title);
      const title = l10n.t('Finding out what this would remove');
      const lines = await waitVisibly(title, (signal) => this.berth.fixActions.consequences(fix, signal));
      if (!(await confirm(question, lines.join('\n'), answerOf(fix)))) return false;
    }
    await showProgress(fix.title, (signal) => this.berth.fixActions.run(fix, signal));
    this.feedback.success(l10n.t('Done: {0}', fix.title));
    return true;
  }

  private async operate({ operation, environmentId, services }: Extract<Fix, { kind: 'operation' }>): Promise<void> {
    const environment = this.berth.store.find(environmentId);
    if (!environment) return;
    const named = environment.services.filter(({ name }) => services.includes(name));
    const targets = services.length === 0 ? [{ environment }] : named.map((service) => ({ environment, service }));
    await this.operations.run(operation, targets);
  }
}

/** What the button says that does it: the question names what it is done to. */
function answerOf({ kind }: ActionFix): string {
  switch (kind) {
    case 'stop-container':
      return l10n.t('Stop');
    case 'remove-container':
      return l10n.t('Remove');
    default:
      return l10n.t('End');
  }
}
