import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { DeclaredCommand } from '../../core/discovery/declareCommand';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import { type Choice, pick } from './picker';

type Place = Pick<DeclaredCommand, 'service' | 'newContainer'>;

/**
 * Asks what the tests of an environment are of which nobody has said that: where they run, and what runs.
 * @returns undefined when the user left.
 */
export async function askTests({ definition, services }: EnvironmentSnapshot): Promise<DeclaredCommand | undefined> {
  const places = services
    .filter(({ declared }) => declared)
    .flatMap(({ name: service }): readonly Choice<Place>[] => [
      { label: l10n.t('In {0}', service), description: l10n.t('its running container'), value: { service } },
      { label: l10n.t('In a new container of {0}', service), value: { service, newContainer: true } },
    ]);
  const here = {
    label: l10n.t('On this machine'),
    description: l10n.t('with the variables of the env files'),
    value: {},
  };
  const place = await pick(
    [...places, here],
    l10n.t('No tests of {0} are known. Where do they run?', definition.name),
    {
      always: true,
    },
  );
  if (!place) return undefined;
  const run = await vscode.window.showInputBox({
    prompt: l10n.t('Which command runs the tests of {0}? It is written into berth.yaml.', definition.name),
    placeHolder: 'npm test',
    validateInput: (value) => (value.trim() ? undefined : l10n.t('A command, please.')),
  });
  return run === undefined ? undefined : { kind: 'test', run: run.trim(), ...place };
}
