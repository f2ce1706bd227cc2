import fs from 'node:fs';
import path from 'node:path';
import { ComposeFolder, IDLE_WITH_HEALTH } from '../../../engine/support/composeFolder';
import { repositoryRoot } from '../../../support/paths';
import { freePort } from '../../../support/ports';

/** The template's project, with the environments `dev`, `test` and `ci`. */
export interface TemplateProject {
  readonly folder: ComposeFolder;
  /** Absolute path of the folder with the files, to be opened: its name is in pictures. */
  readonly workspace: string;
  /** What its services publish on this machine, which are free ports. */
  readonly ports: Readonly<Record<'postgres' | 'redis' | 'testPostgres' | 'testRedis', number>>;
}

/** Makes what somebody has who has started from the template: PostgreSQL and Redis in three environments. */
export async function templateProject(): Promise<TemplateProject> {
  const ports = {
    postgres: await freePort(23501),
    redis: await freePort(23502),
    testPostgres: await freePort(23503),
    testRedis: await freePort(23504),
  };
  const folder = new ComposeFolder('shop', {
    ...templateFiles('shop'),
    'shop/.env': [
      `POSTGRES_PORT=${ports.postgres}`,
      `REDIS_PORT=${ports.redis}`,
      `TEST_POSTGRES_PORT=${ports.testPostgres}`,
      `TEST_REDIS_PORT=${ports.testRedis}`,
    ].join('\n'),
  });
  folder.owns(`${folder.project}-test`, `${folder.project}-ci`);
  return { folder, workspace: folder.path('shop'), ports };
}

/** The first template's files, with `PROJECT` where the name of the project goes. */
function templateFiles(into: string): Record<string, string> {
  const template = path.join(repositoryRoot, 'compose-templates', 'postgres-redis');
  return Object.fromEntries(
    fs
      .readdirSync(template)
      .map((file) => [
        `${into}/${file}`,
        fs.readFileSync(path.join(template, file), 'utf8').replaceAll('my-project', 'PROJECT'),
      ]),
  );
}

/** A compose file with services that do nothing, and whose health checks a test can break. */
export function idleServices(...names: readonly string[]): string {
  return `name: PROJECT\nservices:\n${names.map((name) => `  ${name}:\n    ${IDLE_WITH_HEALTH}\n`).join('')}`;
}
