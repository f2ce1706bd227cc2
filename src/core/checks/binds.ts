import os from 'node:os';
import path from 'node:path';
import { list, record, text } from '../common/json';
import { shortParts } from '../compose/shortSyntax';
import { isWithin } from '../model/dataFolder';
import type { CheckedEnvironment } from './check';
import { servicesOf } from './services';

/** Something of this machine that a service has mounted. */
export interface CheckedBind {
  readonly service: string;
  /** Absolute path. */
  readonly source: string;
  readonly target: string;
  /** Whether it is a data folder of a store, which is made as the environment is brought up. */
  readonly keepsData: boolean;
  readonly isReadOnly: boolean;
  /** Whether Docker refuses to start the service when it is not there. */
  readonly mustExist: boolean;
  /** Where it is written: the path of a key in the compose files. */
  readonly keys: readonly string[];
}

/** What the services of an environment have mounted of this machine; nothing where another machine runs them. */
export function bindsOf(environment: CheckedEnvironment): readonly CheckedBind[] {
  if (environment.isOnCiOnly || isElsewhere(environment)) return [];
  return servicesOf(environment).flatMap(({ name, config, resolved }) => {
    const mounts = list(config.volumes)
      .map(record)
      .filter(({ type }) => type === 'bind');
    return mounts.flatMap(({ target, read_only: readOnly }, index): readonly CheckedBind[] => {
      const { source = '', keepsData = false, mustExist = false } = resolved.binds?.[index] ?? {};
      // What is a path of Windows is none elsewhere: whatever is told of it would be told of a folder that nobody means.
      if (source !== '' && !path.isAbsolute(source)) return [];
      const isReadOnly = readOnly === true;
      const keys = ['services', name, 'volumes'];
      return [{ service: name, source, target: text(target), keepsData, isReadOnly, mustExist, keys }];
    });
  });
}

/**
 * What services have mounted of this machine as the texts say it, for where Compose says nothing: absolute paths. Those with variables are not
 * among them.
 */
export function writtenSources({ sources, takenIn, definition }: CheckedEnvironment): readonly string[] {
  const all = [
    ...sources.map((source) => ({ source, folder: definition.projectDirectory })),
    ...takenIn.map((source) => ({ source, folder: path.dirname(source.file) })),
  ];
  return all.flatMap(({ source, folder }) =>
    Object.values(record(source.value(['services']))).flatMap((service) =>
      list(record(service).volumes).flatMap((mount) => {
        const written = text(record(mount).source) || (shortParts(text(mount))[0]?.text ?? '');
        return /^[./]/.test(written) && !written.includes('$') ? [path.resolve(folder, written)] : [];
      }),
    ),
  );
}

/** The files that services are given as configs and secrets: Docker mounts them as well, and starts none without. */
export function fileGrants(environment: CheckedEnvironment): readonly CheckedBind[] {
  if (environment.isOnCiOnly || isElsewhere(environment)) return [];
  const content = record(environment.project?.config.content);
  return servicesOf(environment).flatMap(({ name, config }) =>
    (['configs', 'secrets'] as const).flatMap((section) =>
      list(config[section]).flatMap((grant): CheckedBind[] => {
        const key = text(record(grant).source);
        const source = text(record(record(content[section])[key]).file);
        if (source === '') return [];
        const target = text(record(grant).target) || `/run/secrets/${key}`;
        return [
          {
            service: name,
            source,
            target,
            keepsData: false,
            isReadOnly: true,
            mustExist: true,
            keys: [section, key, 'file'],
          },
        ];
      }),
    ),
  );
}

/** Whether the engine is on another machine, as far as its address tells. */
export function isElsewhere({ definition }: CheckedEnvironment): boolean {
  return /^(?:ssh|tcp|https?):\/\//.test(definition.engine ?? '');
}

/** How near a path is to the workspace: inside of it, in the user's home folder or beside it, or a matter of the whole machine. */
export function nearness(source: string, { definition }: CheckedEnvironment): 'inside' | 'near' | 'far' {
  const { workspaceFolder, projectDirectory } = definition;
  if ([workspaceFolder, projectDirectory].some((folder) => isWithin(folder, source))) return 'inside';
  return [os.homedir(), path.dirname(workspaceFolder)].some((folder) => isWithin(folder, source)) ? 'near' : 'far';
}

/** Ends of names that files have, and folders do not. */
const FILE_EXTENSION =
  /.\.(?:cfg|cnf|conf|crt|csv|env|html?|ini|js|jsonc?|key|lua|pem|php|properties|py|sh|sql|toml|ts|txt|xml|ya?ml)$/i;
/** Names of files that have no such end. */
const FILE_NAME =
  /^(?:\.env(?:\..*)?|\.pgpass|\.netrc|\.npmrc|\.htpasswd|Caddyfile|Dockerfile|Makefile|Procfile|crontab|passwd)$/;

/** Whether a path is plainly one of a file, by its name. */
export function isFileName(one: string): boolean {
  const name = path.posix.basename(one.replaceAll('\\', '/'));
  return FILE_EXTENSION.test(name) || FILE_NAME.test(name);
}
