import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { DeclaredCommand } from '../../core/discovery/declareCommand';
import { canTakeArguments, type EnvironmentCommand } from '../../core/model/command';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import type { TestChoices } from '../tasks/taskWords';
import { type Choice, pick } from './picker';
import { typedArguments } from './typed';

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

/** Asks how a test command is to be run: with nothing chosen, as it is by itself. @returns undefined when the user left. */
export async function askHowToTest(command: EnvironmentCommand): Promise<TestChoices | undefined> {
  const { name } = command;
  const build = { label: l10n.t('Build images first') };
  const keep = { label: l10n.t('Keep the environment'), description: l10n.t('for the next run, or to look into it') };
  const useRunning = { label: l10n.t('Use what runs'), description: l10n.t('and leave it as it is') };
  const further = { label: l10n.t('Add arguments…'), description: l10n.t('to the command') };
  const chosen = await vscode.window.showQuickPick<vscode.QuickPickItem>(
    [build, keep, useRunning, ...(canTakeArguments(command) ? [further] : [])],
    { canPickMany: true, placeHolder: l10n.t('How should {0} be run? With nothing chosen, as it is', name) },
  );
  if (!chosen) return undefined;
  const args = chosen.includes(further) ? await askArguments(name) : [];
  const given = { build: chosen.includes(build), keep: chosen.includes(keep), useRunning: chosen.includes(useRunning) };
  return args && { ...given, args };
}

async function askArguments(name: string): Promise<readonly string[] | undefined> {
  const typed = await vscode.window.showInputBox({
    prompt: l10n.t('Which arguments should be added to {0}?', name),
    placeHolder: '-k "log in"',
    validateInput: (value) => (typedArguments(value) ? undefined : l10n.t('A quote is not closed.')),
  });
  return typed === undefined ? undefined : typedArguments(typed);
}
