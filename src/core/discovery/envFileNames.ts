import path from 'node:path';

/** Whether a file is an env file, or an example of one, by its name: `.env`, `.env.test`, `dev.env`, `env.example`. */
export function isEnvFileName(name: string): boolean {
  return (
    /^\.env(?:[._-].+)?$|^env\..+$|.\.env(?:\.\w+)?$/i.test(name) &&
    !/\.(?:[cm]?[jt]sx?|py|rb|go|sh|md|json|ya?ml)$/i.test(name)
  );
}

/** Where the env files of an environment may be, the likeliest first: absolute paths. */
export function envFolders(projectDirectory: string, workspaceFolder: string): readonly string[] {
  const above = projectDirectory === workspaceFolder ? [] : [path.dirname(projectDirectory)];
  return [projectDirectory, ...above].flatMap((folder) => [
    folder,
    path.join(folder, 'env'),
    path.join(folder, 'envs'),
  ]);
}

/**
 * The env files of an environment by their names: `.env.test`, `env/.env.test`. What Compose itself reads, the `.env` beside
 * the project, keeps its place before them.
 */
export function envFilesNamed(
  projectDirectory: string,
  name: string,
  workspaceFolder: string,
  present: ReadonlySet<string>,
): readonly string[] {
  const own = envFolders(projectDirectory, workspaceFolder)
    .flatMap((folder) => [`.env.${name}`, `${name}.env`].map((file) => path.join(folder, file)))
    .find((file) => present.has(file));
  if (own === undefined) return [];
  const usual = path.join(projectDirectory, '.env');
  return present.has(usual) ? [usual, own] : [own];
}
