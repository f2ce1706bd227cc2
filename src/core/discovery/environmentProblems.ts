import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { missingFile } from '../common/exampleFile';
import { isOnOtherMachine, shownPath } from '../common/paths';
import type { ConfigurationWarning } from '../model/project';
import type { Combined } from './combine';
import type { ComposeFile } from './composeFile';
import type { ObservationProblem } from './observed/observationProblem';

/** What there is in the repository. */
interface Surroundings {
  readonly composeFile: (file: string) => ComposeFile | undefined;
  readonly isFile: (file: string) => Promise<boolean>;
  readonly isFolder: (folder: string) => Promise<boolean>;
}

/** What is wrong with an environment, or hardly meant, as far as its texts show by themselves; see also `withConflicts`. */
export async function environmentProblems(
  one: Combined,
  surroundings: Surroundings,
): Promise<readonly ConfigurationWarning[]> {
  return [
    ...(await missingFolder(one, surroundings)),
    ...(await missingEnvFiles(one, surroundings)),
    ...unknownInStartup(one, surroundings),
  ];
}

/** A project directory that is named, and is not there. */
async function missingFolder(
  { definition, candidate }: Combined,
  { isFolder }: Surroundings,
): Promise<readonly ConfigurationWarning[]> {
  const { projectDirectory, workspaceFolder } = definition;
  if (await isFolder(projectDirectory)) return [];
  return [
    {
      code: 'missing-project-directory',
      message: l10n.t('The project directory {0} is not there.', shownPath(workspaceFolder, projectDirectory)),
      remedy: l10n.t('Make it, or correct its path: nothing can be run without it.'),
      place: candidate.evidence[0]?.place,
    },
  ];
}

/** Env files that commands name, and that are not there: mostly those that each makes of an example. */
async function missingEnvFiles(
  { definition, candidate }: Combined,
  { isFile }: Surroundings,
): Promise<readonly ConfigurationWarning[]> {
  const { workspaceFolder, envFiles, projectDirectory } = definition;
  const { origin, givesOwnEnvFile, providedEnvFiles, evidence } = candidate;
  const own = path.join(projectDirectory, '.env');
  const isOwn = envFiles.length === 0;
  const given = isOwn ? (givesOwnEnvFile ? [own] : []) : origin === 'observed' ? envFiles : [];
  const found = await Promise.all(
    given.map(async (file): Promise<readonly ConfigurationWarning[]> => {
      if (providedEnvFiles?.includes(file) || (await isFile(file))) return [];
      const missing = isOnOtherMachine(file, workspaceFolder) ? undefined : await missingFile(file);
      const shown = shownPath(workspaceFolder, file);
      return [
        {
          code: 'missing-env-file',
          message: isOwn
            ? l10n.t('Compose refuses to go on in this command: the env file {0} is not there.', shown)
            : l10n.t('The env file {0} is not there, and Compose refuses to go on without it.', shown),
          remedy:
            missing === undefined
              ? l10n.t('Make it, or remove what names it.')
              : l10n.t('Copy {0} to it, and fill that in.', shownPath(workspaceFolder, missing.example)),
          place: isOwn ? givesOwnEnvFile : evidence[0]?.place,
          ...(missing ? { missing } : {}),
        },
      ];
    }),
  );
  return found.flat();
}

/** Services in the phases of the start-up that no file has; where files take in others, only Compose can tell. */
function unknownInStartup(
  { definition, candidate }: Combined,
  { composeFile }: Surroundings,
): readonly ConfigurationWarning[] {
  const files = definition.files.map(composeFile);
  if (files.some((file) => file === undefined || file.readsMore || file.takesIn)) return [];
  const known = new Set(files.flatMap((file) => file?.services ?? []));
  const unknown = new Set(definition.startup?.flat().filter((name) => !known.has(name)));
  return [...unknown].map((name) => ({
    code: 'unknown-service',
    message: l10n.t('"startup" of "{0}" names a service that it does not have: {1}.', definition.name, name),
    remedy: l10n.t('It has: {0}.', [...known].sort().join(', ')),
    place: candidate.evidence[0]?.place,
  }));
}

/** Why nothing could be made of somebody's command, in words. @param workspaceFolder absolute path. */
export function commandProblem(
  { missing, isOfWindows, unknown, host, place }: ObservationProblem,
  workspaceFolder: string,
): readonly ConfigurationWarning[] {
  if (host !== undefined) {
    const address = withoutUser(host);
    const message = l10n.t('This command runs on another engine, of which it names no context: {0}.', address);
    const remedy = l10n.t('Declare the environment in berth.yaml, with the "context" of that engine.');
    return [{ code: 'unclear-command', message, remedy, place }];
  }
  // What a command names that is meant for another machine is no trouble here.
  if (missing !== undefined && path.relative(workspaceFolder, missing).startsWith('..')) return [];
  const remedy = l10n.t('Declare the environment in berth.yaml if it is to be shown.');
  if (missing !== undefined) {
    const file = path.relative(workspaceFolder, missing);
    const message = l10n.t('This command names a compose file that is not there: {0}.', file);
    const slashes = l10n.t('Write its path with slashes: it is there on Windows only.');
    return [{ code: 'missing-compose-file', message, remedy: isOfWindows ? slashes : remedy, place }];
  }
  const option = unknown ?? '';
  const message = isOfEngine(option)
    ? l10n.t("Which engine this command runs on can't be known without running something: {0}.", option)
    : l10n.t("Which compose files this command uses can't be known without running something: {0}.", option);
  return [{ code: 'unclear-command', message, remedy, place }];
}

function isOfEngine(option: string): boolean {
  return ['-H', '--host', 'DOCKER_HOST'].includes(option);
}

/** An address without what somebody logs in with. */
function withoutUser(address: string): string {
  return address.replace(/\/\/[^/@]*@/, '//');
}
