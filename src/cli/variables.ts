import { UserError } from '../core/common/errors';

/**
 * The variables that `--env` was given.
 * @throws UserError (usage) when one has no name or no value.
 */
export function variablesIn(words: readonly string[] = []): Readonly<Record<string, string>> {
  return Object.fromEntries(
    words.map((word) => {
      const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? [];
      if (name !== undefined && value !== undefined) return [name, value];
      throw new UserError('usage', `"${word}" is no variable.`, { remedy: 'As in: --env CI=true' });
    }),
  );
}
