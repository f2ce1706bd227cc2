import { addToMap } from '../../compose/composeEdit';
import type { ComposeSource } from '../../compose/composeSource';
import type { FileEdit } from '../../model/finding';
import type { CheckedEnvironment } from '../check';
import { ownEntries } from '../written';

/** Whether an environment is made of a file, be it a compose file or an env file. */
export function hasFile({ sources, takenIn, envFiles }: CheckedEnvironment, file: string): boolean {
  return [...sources, ...takenIn, ...envFiles].some((one) => one.file === file);
}

/** The compose files of an environment that none of some others has: what changes there does not change them. The last one comes first. */
export function ownSources(
  environment: CheckedEnvironment,
  others: readonly CheckedEnvironment[],
): readonly ComposeSource[] {
  return environment.sources.filter(({ file }) => !others.some((other) => hasFile(other, file))).toReversed();
}

/**
 * One more key of a service in an overlay, with the service where it says nothing of that yet. Undefined where it has the key already, or
 * is not written in lines of its own.
 * @param lines the key with its value, without indentation.
 */
export function addToService(
  overlay: ComposeSource,
  service: string,
  key: string,
  lines: readonly string[],
): FileEdit | undefined {
  const keys = ['services', service];
  if (!overlay.entry(keys)) {
    const whole = [`${service}:`, ...lines.map((line) => `  ${line}`)];
    return addToMap(overlay, ownEntries(overlay, ['services']), whole.join('\n'));
  }
  if (overlay.entry([...keys, key]) || !overlay.isOwn(keys)) return undefined;
  return addToMap(overlay, ownEntries(overlay, keys), lines.join('\n'));
}
