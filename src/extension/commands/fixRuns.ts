import type { EnvironmentStore } from '../../core/environmentStore';
import type { Fix } from '../../core/model/finding';
import type { CommandRuns } from './commandRuns';
import type { ExampleCommand } from './exampleCommand';
import type { OperationCommands } from './operationCommands';

/** Does the fixes that are no edits. */
export class FixRuns {
  constructor(
    private readonly store: Pick<EnvironmentStore, 'find'>,
    private readonly examples: ExampleCommand,
    private readonly operations: OperationCommands,
    private readonly commandRuns: CommandRuns,
  ) {}

  async run(fix: Exclude<Fix, { kind: 'edit' }>): Promise<void> {
    switch (fix.kind) {
      case 'copy-example':
        return this.examples.run(fix.missing);
      case 'operation':
        return this.operate(fix);
      case 'run-command': {
        const { environmentId, command } = fix;
        return this.commandRuns.runNamed({ kind: 'command', environmentId, command });
      }
    }
  }

  private async operate({ operation, environmentId, services }: Extract<Fix, { kind: 'operation' }>): Promise<void> {
    const environment = this.store.find(environmentId);
    if (!environment) return;
    const named = environment.services.filter(({ name }) => services.includes(name));
    const targets = services.length === 0 ? [{ environment }] : named.map((service) => ({ environment, service }));
    await this.operations.run(operation, targets);
  }
}
