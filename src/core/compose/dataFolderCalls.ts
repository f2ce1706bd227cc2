import type { ProgramCall } from '../common/program';
import type { DataFolder } from '../model/dataFolder';
import { dockerCall } from './composeCall';

/** Where a data folder is in the container that looks into it. */
const MOUNTED = '/berth-data-folder';

/** What is in the folder, but for what keeps an empty folder in git. */
const CONTENT = `content() { find ${MOUNTED} -mindepth 1 -maxdepth 1 ! -name .gitkeep ! -name .gitignore "$@"; }`;

/** The first process of a container ends at a signal only where it says so, and heeds that only while it waits. */
const ENDS_WHEN_TOLD = `trap 'exit 130' INT TERM`;

/** On the containers that look into a data folder: what they do there; its value is the folder. */
const LABELS = { measure: 'dev.berth.measures-data-folder', empty: 'dev.berth.empties-data-folder' } as const;
type Task = keyof typeof LABELS;

/** Whether a container, going by its labels, is one that Berth has made to look into a data folder. */
export function worksOnDataFolder(labels: Readonly<Record<string, unknown>>): boolean {
  return Object.values(LABELS).some((label) => labels[label] !== undefined);
}

/** Prints how large a data folder is, in kibibytes; nothing when there is nothing in it. Pulls no image. */
export function measureFolderCall(folder: DataFolder, context: string | undefined): ProgramCall {
  const script = `${CONTENT}; ${ENDS_WHEN_TOLD}; [ -z "$(content)" ] || { du -sk ${MOUNTED} & wait "$!"; }`;
  return asRoot('measure', folder, context, script, ['--pull', 'never']);
}

/** Removes what is in a data folder, but for `.gitkeep` and `.gitignore` at its top. Ends well only when it is empty then. */
export function emptyFolderCall(folder: DataFolder, context: string | undefined): ProgramCall {
  const script = `${CONTENT}; ${ENDS_WHEN_TOLD}; content -exec rm -rf -- {} + & wait "$!" && [ -z "$(content)" ]`;
  return asRoot('empty', folder, context, script);
}

/** Prints the ids of the containers that have something to do in a data folder. */
export function containersInFolderCall(task: Task, folder: DataFolder, context: string | undefined): ProgramCall {
  return dockerCall(context, ['ps', '--all', '--quiet', '--filter', `label=${LABELS[task]}=${folder.path}`]);
}

/** Removes containers, also those that run. */
export function removeContainersCall(ids: readonly string[], context: string | undefined): ProgramCall {
  return dockerCall(context, ['rm', '--force', ...ids]);
}

/**
 * Runs a script in a container of the store's own image that sees nothing but the folder. As root: the folder usually belongs
 * to a user that only the container knows, and nobody else may look into it.
 */
function asRoot(
  task: Task,
  { path: folder, image }: DataFolder,
  context: string | undefined,
  script: string,
  options: readonly string[] = [],
): ProgramCall {
  return dockerCall(context, [
    ...['run', '--rm', ...options, '--label', `${LABELS[task]}=${folder}`],
    ...['--network', 'none', '--user', '0:0', '--entrypoint', 'sh'],
    // Where SELinux is on, the folder may be labelled for the containers of the service alone.
    ...['--security-opt', 'label=disable'],
    // A line of CSV, in which a path may have commas and quotes.
    ...['--mount', `type=bind,"source=${folder.replaceAll('"', '""')}",target=${MOUNTED}`],
    ...[image, '-c', script],
  ]);
}
