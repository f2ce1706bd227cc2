import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { shownPath } from '../common/paths';
import type { Finding, Fix } from '../model/finding';
import { bindsOf, type CheckedBind, isFileName, nearness } from './binds';
import { type Check, type CheckedEnvironment, findingOf } from './check';
import { type WrittenMount, writtenMount } from './mounts';
import { placesOf } from './written';

/** Folders that images have, and run or read what is in them. Sources: the documentation of the official images of stores and of nginx. */
const KNOWN_FOLDERS = /^\/(?:docker-entrypoint-initdb\.d|etc\/nginx\/(?:conf\.d|templates))$/;

/** Folders that are mounted where a file is meant, mostly as Docker has made them in its place, and files where a folder is meant. */
export const mountOfWrongKind: Check = {
  codes: ['mount-of-wrong-kind'],
  *paths({ environments }) {
    for (const environment of environments) for (const { source } of relevant(environment)) yield source;
  },
  *find({ environments, pathKind }) {
    for (const environment of environments) {
      for (const bind of relevant(environment)) {
        const kind = pathKind(bind.source);
        const isForFile = kind === 'folder' && isFileName(bind.target);
        if (!isForFile && kind !== 'file') continue;
        const mount = writtenMount(environment, bind);
        const finding = isForFile ? folderForFile(bind, environment) : fileForFolder(bind, environment, mount);
        const places = mount ? [mount.source.placeOfNode(mount.item)] : placesOf(environment, bind.keys);
        if (finding)
          yield findingOf('mount-of-wrong-kind', [environment], { ...finding, service: bind.service, places });
      }
    }
  },
};

type Wrong = Pick<Finding, 'severity' | 'message' | 'remedy' | 'fixes'>;

function relevant(environment: CheckedEnvironment): readonly CheckedBind[] {
  return bindsOf(environment).filter(({ source }) => source !== '' && nearness(source, environment) !== 'far');
}

/** Where both names are those of a file of one kind, a file is meant for sure. */
function folderForFile({ service, source, target }: CheckedBind, environment: CheckedEnvironment): Wrong {
  const isSure = isFileName(source) && path.extname(source) === path.extname(target);
  return {
    severity: isSure ? 'error' : 'warning',
    message: l10n.t(
      '{0}, which "{1}" has mounted as the file {2}, is a folder.',
      shownPath(environment.definition.workspaceFolder, source),
      service,
      target,
    ),
    remedy: l10n.t(
      'Remove the folder, which Docker may have made while the file was missing, and put the file in its place.',
    ),
    fixes: [],
  };
}

function fileForFolder(
  { service, source, target }: CheckedBind,
  environment: CheckedEnvironment,
  mount: WrittenMount | undefined,
): Wrong | undefined {
  const isKnown = KNOWN_FOLDERS.test(target);
  if (!isKnown && !/.\/$/.test(mount?.target.text ?? '')) return undefined;
  return {
    severity: isKnown ? 'error' : 'warning',
    message: l10n.t(
      'The file {0} is mounted in the place of a folder of "{1}": {2}.',
      shownPath(environment.definition.workspaceFolder, source),
      service,
      target,
    ),
    remedy: l10n.t('Give it its name in there: {0}.', `${target}/${path.basename(source)}`),
    fixes: mount ? intoFolder(mount, path.basename(source), isKnown) : [],
  };
}

function intoFolder({ source, keys, target }: WrittenMount, name: string, isSafe: boolean): readonly Fix[] {
  if (!source.isOwn(keys)) return [];
  const at = target.start + target.text.length;
  const text = `${target.text.endsWith('/') ? '' : '/'}${name}`;
  const edits = [{ file: source.file, start: at, end: at, text }];
  return [{ kind: 'edit', title: l10n.t('Mount it as {0}', name), edits, isSafe }];
}
