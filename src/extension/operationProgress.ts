import * as l10n from '@vscode/l10n';
import type { Health } from '../core/model/health';
import type { OperationProgress } from '../core/operations/operation';
import { healthWord } from './words';

/**
 * Makes one line of what an operation tells on its way: the services' ways, `postgres healthy, redis starting`; before
 * the first of them changes, what Compose does (it pulls and builds then).
 */
export class ProgressLine {
  private readonly services = new Map<string, Health>();

  /** @returns the line to show now; undefined when it stays as it is. */
  take(progress: OperationProgress): string | undefined {
    switch (progress.kind) {
      case 'waiting':
        return l10n.t('waits for the operation before it');
      case 'output':
        return this.services.size === 0 ? progress.line : undefined;
      case 'service':
        this.services.set(progress.service, progress.health);
        return [...this.services].map(([service, health]) => `${service} ${healthWord(health)}`).join(', ');
    }
  }
}
