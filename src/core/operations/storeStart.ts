import { list, record, text } from '../common/json';
import type { StoreKind } from '../model/storeKind';

/** What the command of a container tells of the store that it starts, by the names of the variables that scripts take it from. */
export interface StoreVariables {
  readonly BERTH_PORT?: string;
  /** The password that the command names. */
  readonly BERTH_PASSWORD?: string;
  /** The same as a word of the shell that the command is for: `"$REDIS_PASSWORD"`. */
  readonly BERTH_PASSWORD_WORD?: string;
  /** The path of the configuration file. */
  readonly BERTH_CONFIG?: string;
}

/** `--port 5433`, `--port=5433`, `-p 5433`, `-c port=5433`; `-p` is something else for MySQL. */
const PORT: Readonly<Record<StoreKind, RegExp>> = {
  postgres: /(?:^|\s)(?:-p\s*|--port[= ]|-c\s*port=)(\d+)/,
  mysql: /(?:^|\s)(?:-P\s*|--port[= ])(\d+)/,
  mongo: /(?:^|\s)--port[= ](\d+)/,
  redis: /(?:^|\s)--port (\d+)/,
};

/**
 * Takes from a container's command what its store was told: where it listens and, of Redis, its password, which its image
 * takes nowhere else.
 * @param container `GET /containers/{id}/json`.
 */
export function storeVariables(kind: StoreKind, container: unknown): StoreVariables {
  const { Entrypoint, Cmd } = record(record(container).Config);
  const words = [...list(Entrypoint), ...list(Cmd)].map(text);
  const port = PORT[kind].exec(words.join(' '))?.[1];
  return { ...(port ? { BERTH_PORT: port } : {}), ...(kind === 'redis' ? redisSecret(words) : {}) };
}

/** A word of a shell: in quotes of either kind, what a command prints, or bare. */
const SHELL_WORD = String.raw`"(?:[^"\\]|\\.)*"|'[^']*'|\$\([^)]*\)|[^\s;&|<>]+`;

function redisSecret(words: readonly string[]): StoreVariables {
  const script = words.find((_word, index) => /^-\w*c$/.test(words[index - 1] ?? ''));
  if (script !== undefined) {
    const word = new RegExp(`--requirepass[= ]\\s*(${SHELL_WORD})`).exec(script)?.[1];
    if (word !== undefined) return { BERTH_PASSWORD_WORD: word };
  }
  const index = words.indexOf('--requirepass');
  const password = index >= 0 ? words[index + 1] : undefined;
  if (password) return { BERTH_PASSWORD: password };
  const config = [...words, ...(script?.split(/\s+/) ?? [])].find((word) => /^[^\s]+\.conf$/.test(word));
  return config === undefined ? {} : { BERTH_CONFIG: config };
}
