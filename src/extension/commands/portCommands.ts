import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { EnvironmentStore } from '../../core/environmentStore';
import { type Address, addressOf } from '../../core/model/address';
import { webScheme } from '../../core/operations/webScheme';
import type { Feedback } from '../feedback';
import { waitVisibly } from '../waiting';
import { portMappings, targetName } from '../words';
import { type Choice, pick } from './picker';
import type { Target } from './targets';

/** Opens published ports in the browser, and copies their addresses. */
export class PortCommands {
  constructor(
    private readonly store: EnvironmentStore,
    private readonly feedback: Feedback,
  ) {}

  /** Opens a port of these targets in the browser. */
  async open(targets: readonly Target[]): Promise<void> {
    const chosen = await this.choose(
      targets,
      l10n.t('Which port should be opened in the browser?'),
      (one) => one.isWeb,
    );
    if (!chosen) return;
    const { host, port } = chosen;
    // The port's number tells less than what answers there.
    const answers = await waitVisibly(l10n.t('Asking {0}', `${host}:${port}`), (signal) =>
      webScheme(host, port, signal),
    );
    const uri = vscode.Uri.parse(answers ? `${answers}://${host}:${port}` : chosen.url);
    // In a remote window the port is on the remote machine: VS Code makes it reachable from here.
    const isLocal = host === 'localhost';
    await vscode.env.openExternal(isLocal ? await vscode.env.asExternalUri(uri) : uri);
  }

  /** Puts the address of a port of these targets, as `host:port`, into the clipboard. */
  async copy(targets: readonly Target[]): Promise<void> {
    const chosen = await this.choose(targets, l10n.t('Which address should be copied?'), () => true);
    if (!chosen) return;
    const text = `${chosen.host}:${chosen.port}`;
    await vscode.env.clipboard.writeText(text);
    this.feedback.success(l10n.t('Copied {0}', text));
  }

  private async choose(
    targets: readonly Target[],
    placeHolder: string,
    isWanted: (address: Address) => boolean,
  ): Promise<Address | undefined> {
    const choices = targets.flatMap(({ environment, service }) => {
      const services = service ? [service] : environment.services;
      const engine = this.store.engineState(environment.definition.context);
      const engineAddress = engine.kind === 'connected' ? engine.address : undefined;
      return services.flatMap((one) =>
        one.ports.flatMap((port): Choice<Address>[] => {
          const address = addressOf(port, engineAddress);
          if (!address || !isWanted(address)) return [];
          return [
            {
              label: `${address.host}:${address.port}`,
              description: `${targetName(environment.definition.name, [one.name])} · ${portMappings([port]).join('')}`,
              value: address,
            },
          ];
        }),
      );
    });
    if (choices.length === 0) {
      this.feedback.inform(l10n.t('Nothing that runs publishes a port.'));
      return undefined;
    }
    return pick(choices, placeHolder);
  }
}
