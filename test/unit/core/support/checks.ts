import type { CheckedEnvironment, CheckFacts, PathKind } from '../../../../src/core/checks/check';
import { ComposeSource } from '../../../../src/core/compose/composeSource';
import { environment, folder } from '../../cli/examples';

/** An environment `dev` of one compose file with a text. @param more what else is known of it. */
export async function checkedEnvironment(
  text: string,
  more: Partial<CheckedEnvironment> = {},
): Promise<CheckedEnvironment> {
  const { definition } = environment('dev');
  const sources = await ComposeSource.read(`${folder}/compose.yaml`, text);
  return { definition, isOnCiOnly: false, warnings: [], sources, takenIn: [], envFiles: [], ...more };
}

/** All that checks go by, of some environments. @param kindOf what is at a path. */
export function checkFacts(
  environments: readonly CheckedEnvironment[],
  kindOf: (path: string) => PathKind = () => 'missing',
): CheckFacts {
  const nothing = () => undefined;
  const looked = { pathKind: kindOf, realPath: (one: string) => one, git: nothing, textOf: nothing, told: new Map() };
  return { environments, problems: [], givenBy: () => undefined, envFiles: [], ...looked, composeVersion: '2.26.1' };
}
