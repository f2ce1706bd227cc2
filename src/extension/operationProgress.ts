import * as l10n from '@vscode/l10n';
import type { OperationName } from '../core/compose/operationCalls';
import type { Health } from '../core/model/health';
import { aimOf, type OperationProgress } from '../core/operations/operation';
import { healthWord } from './words';

/**
 * Makes one line of what an operation tells on its way: the services' ways, `postgres healthy, redis starting`; before
 * the first of them changes, what Compose does (it pulls and builds then).
 */
export class ProgressLine {
  private readonly services = new Map<string, Health>();

  constructor(private readonly operation: OperationName) {}

  /** @returns the line to show now; undefined when it stays as it is. */
  take(progress: OperationProgress): string | undefined {
    switch (progress.kind) {
      case 'waiting':
        return progress.holder === undefined
          ? l10n.t('waits for the operation before it')
          : l10n.t('waits for {0}', progress.holder);
      case 'note':
        return progress.text;
      case 'output':
        return this.services.size === 0 ? progress.line : undefined;
      case 'service':
        // What only makes images leaves the services as they are: what becomes of these is another matter.
        if (aimOf(this.operation) === undefined) return undefined;
        this.services.set(progress.service, progress.health);
        return [...this.services].map(([service, health]) => `${service} ${healthWord(health)}`).join(', ');
    }
  }
}
