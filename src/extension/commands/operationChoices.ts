import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { OperationOptions } from '../../core/compose/operationCalls';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import { lastUp, profilesOf, rememberUp } from '../lastChoices';
import type { Remembered } from '../remembered';
import { targetName } from '../words';
import type { Target } from './targets';
import { MOST_CONTAINERS, numberOfContainers } from './typed';

/**
 * Asks with which profiles an environment is to be brought up, and whether its images are to be built first. What was
 * chosen the last time is chosen already.
 * @returns undefined when the user left.
 */
export async function askHowToBringUp(
  environment: EnvironmentSnapshot,
  remembered: Remembered,
): Promise<OperationOptions | undefined> {
  const { definition, services } = environment;
  const last = lastUp(environment, remembered);
  const { profiles, build: isBuilt } = last ?? { profiles: definition.profiles, build: false };
  const build = { label: l10n.t('Build images first'), picked: isBuilt };
  const items = profilesOf(environment).map((profile) => ({
    label: profile,
    profile,
    description: l10n.t('profile: {0}', servicesWith(profile, services)),
    picked: profiles.includes(profile),
  }));
  const chosen = await vscode.window.showQuickPick<vscode.QuickPickItem>([build, ...items], {
    canPickMany: true,
    placeHolder: last
      ? l10n.t('Bring up {0} as the last time, or with what else?', definition.name)
      : l10n.t('What should {0} be brought up with?', definition.name),
  });
  if (!chosen) return undefined;
  const choice = {
    profiles: items.filter((item) => chosen.includes(item)).map(({ profile }) => profile),
    build: chosen.includes(build),
  };
  await rememberUp(choice, environment, remembered);
  return choice;
}

function servicesWith(profile: string, services: EnvironmentSnapshot['services']): string {
  return services
    .filter((service) => service.profiles.includes(profile))
    .map((service) => service.name)
    .join(', ');
}

/** Asks how many containers some services are to have, each of them. @returns undefined when the user left. */
export async function askNumberOfContainers(targets: readonly Target[]): Promise<number | undefined> {
  const [first] = targets;
  if (!first) return undefined;
  const names = targets.map(({ environment, service }) =>
    targetName(environment.definition.name, service ? [service.name] : []),
  );
  const answer = await vscode.window.showInputBox({
    prompt: l10n.t('How many containers should {0} have?', names.join(', ')),
    value: String(first.service?.containers.length ?? 1),
    validateInput: (value) =>
      numberOfContainers(value) === undefined
        ? l10n.t('A whole number from 0 to {0}, please.', MOST_CONTAINERS)
        : undefined,
  });
  return answer === undefined ? undefined : numberOfContainers(answer);
}
