import path from 'node:path';
import { parseEnv } from 'node:util';
import { readText } from './readText';

/** Environment variables, as the process has them or an env file sets them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What Compose takes from variables of its own when it runs in a folder. */
export interface ComposeSettings {
  /** `COMPOSE_PROJECT_NAME`. */
  readonly projectName?: string;
  /** `COMPOSE_PROFILES`. */
  readonly profiles: readonly string[];
  /** `COMPOSE_FILE`: absolute paths; undefined when it is not set. */
  readonly files?: readonly string[];
}

/**
 * The variables of Compose's own (`COMPOSE_FILE`, `COMPOSE_PROJECT_NAME`, `COMPOSE_PROFILES`): those of the process before those of
 * env files. The `.env` file beside a project is read unless env files are named.
 * Source: docs.docker.com, "Environment variables precedence in Docker Compose" and "Set or change pre-defined environment
 * variables".
 */
export class ComposeVariables {
  private readonly texts = new Map<string, Promise<Variables>>();

  /**
   * @param workspaceFolder absolute path.
   * @param env the environment variables that Compose will be run with.
   */
  constructor(
    private readonly workspaceFolder: string,
    private readonly env: Variables,
  ) {}

  /** @param folder where Compose looks for `.env`. @param envFiles those that it is given, absolute paths. */
  async settings(folder: string, envFiles: readonly string[]): Promise<ComposeSettings> {
    const files = envFiles.length > 0 ? envFiles : this.usualEnvFiles(folder);
    const read = await Promise.all(files.map((file) => this.inFile(file)));
    const values: Variables = Object.assign({}, ...read, this.env);
    const separator = values.COMPOSE_PATH_SEPARATOR || path.delimiter;
    return {
      projectName: values.COMPOSE_PROJECT_NAME || undefined,
      profiles: parts(values.COMPOSE_PROFILES, ','),
      files: values.COMPOSE_FILE
        ? parts(values.COMPOSE_FILE, separator).map((file) => path.resolve(folder, file))
        : undefined,
    };
  }

  /** The env files that Compose reads without being given any: absolute paths. @param folder where it looks for `.env`. */
  usualEnvFiles(folder: string): readonly string[] {
    const named = parts(this.env.COMPOSE_ENV_FILES, ',');
    return (named.length > 0 ? named : ['.env']).map((file) => path.resolve(folder, file));
  }

  /** The project that an env file itself names, where the process does not name another. */
  async projectNamedIn(envFiles: readonly string[]): Promise<string | undefined> {
    if (this.env.COMPOSE_PROJECT_NAME) return undefined;
    const read = await Promise.all(envFiles.map((file) => this.inFile(file)));
    return read.map(({ COMPOSE_PROJECT_NAME: name }) => name || undefined).findLast((name) => name !== undefined);
  }

  private inFile(file: string): Promise<Variables> {
    const known = this.texts.get(file) ?? readText(file, this.workspaceFolder).then(parseEnv, () => ({}));
    this.texts.set(file, known);
    return known;
  }
}

function parts(text = '', separator: string): readonly string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter(Boolean);
}
