import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import type { EnvironmentSnapshot } from '../core/model/snapshot';
import type { Choices, Remembered } from './remembered';
import type { Action } from './views/actions';

/** All profiles that services of an environment are in. */
export function profilesOf({ services }: EnvironmentSnapshot): readonly string[] {
  return [...new Set(services.flatMap((service) => service.profiles))].sort();
}

/** With what an environment was last brought up, of what there still is; undefined when that was nothing special. */
export function lastUp(environment: EnvironmentSnapshot, remembered: Remembered): Choices['up'] | undefined {
  const last = remembered.get('up', environment.definition.id);
  if (!last) return undefined;
  const known = profilesOf(environment);
  const choice = { ...last, profiles: last.profiles.filter((profile) => known.includes(profile)) };
  return isPlain(choice, environment) ? undefined : choice;
}

/** Keeps with what an environment is brought up, for the next time; what is nothing special is not kept. */
export async function rememberUp(
  choice: Choices['up'],
  environment: EnvironmentSnapshot,
  remembered: Remembered,
): Promise<void> {
  await remembered.set('up', isPlain(choice, environment) ? undefined : choice, environment.definition.id);
}

function isPlain({ profiles, build }: Choices['up'], { definition }: EnvironmentSnapshot): boolean {
  return !build && isDeepStrictEqual([...profiles].sort(), [...definition.profiles].sort());
}

/** With what an environment was last brought up, in words: `tools, build`. */
export function upWords({ profiles, build }: Choices['up']): string {
  return [...profiles, ...(build ? [l10n.t('build')] : [])].join(', ') || l10n.t('no profile');
}

/** A shell that was chosen, in words: `bash as postgres`. */
export function shellWords({ shell, user }: Choices['shell']): string {
  return user ? l10n.t('{0} as {1}', shell, user) : shell;
}

/** What an action goes by that was chosen the last time; undefined when nothing was, or it does not heed that. */
export function lastChoiceWords(
  action: Action,
  { environment, service }: { readonly environment: EnvironmentSnapshot; readonly service?: { readonly name: string } },
  remembered: Remembered,
): string | undefined {
  const up = action === 'upWithChoices' ? lastUp(environment, remembered) : undefined;
  if (up) return l10n.t('last time: {0}', upWords(up));
  const isShell = action === 'shell' && service;
  const shell = isShell ? remembered.get('shell', environment.definition.id, service.name) : undefined;
  return shell && l10n.t('last time: {0}', shellWords(shell));
}
