import fs from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../../support/paths';
import { freePort } from '../../support/ports';
import { ComposeFolder } from './composeFolder';

/** The workspaces in `test/workspaces`. */
export const SYSTEMS = ['sherpa', 'dashtam', 'emotion-visualizer', 'hyvve', 'ichrisbirch'] as const;
export type System = (typeof SYSTEMS)[number];

const REDIS_WITHOUT_DATA: ReadonlySet<System> = new Set(['sherpa', 'ichrisbirch']);

/**
 * Copies the workspace of a reference system to a folder of its own, in a folder of the system's name inside it, as its
 * team has it. Images that a test machine lacks are replaced by those that stand in for them.
 * @param replacements further ones in all texts: ports, to be out of the way.
 * @param projects all projects that its environments have on the engine.
 */
export function copySystem(
  system: System,
  replacements: Readonly<Record<string, string>>,
  projects: readonly string[],
): ComposeFolder {
  const source = path.join(repositoryRoot, 'test', 'workspaces', system);
  const all: Readonly<Record<string, string>> = {
    'postgres:15-alpine': 'postgres:16-alpine',
    'postgres:17.6-alpine': 'postgres:16-alpine',
    'image: postgres:16\n': 'image: postgres:16-alpine\n',
    'redis:8.2.1-alpine': 'redis:7-alpine',
    'image: redis:7\n': 'image: redis:7-alpine\n',
    'image: traefik:v3': 'image: berth/idle:1',
    'command: --api.dashboard=true': 'command: idle',
    'command: --api.dashboard=false': 'command: idle',
    // Where nothing is mounted, each of its containers would leave a volume without a name behind.
    ...(REDIS_WITHOUT_DATA.has(system) ? { 'image: redis:7-alpine': 'image: redis:7-alpine\n    tmpfs: [/data]' } : {}),
    'image: adminer:4': 'image: berth/idle:1\n    command: idle listen 8080',
    ...replacements,
  };
  const files = fs
    .readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => fs.statSync(path.join(source, name)).isFile())
    .map((name) => {
      const text = fs.readFileSync(path.join(source, name), 'utf8');
      const moved = Object.entries(all).reduce((so, [from, to]) => so.replaceAll(from, to), text);
      return [path.join(system, name), moved] as const;
    });
  const folder = new ComposeFolder('system', Object.fromEntries(files));
  folder.owns(...projects);
  return folder;
}

/** System B as its team has it on a machine: env files made from their examples, with ports that nobody has. */
export async function copyDashtam(): Promise<ComposeFolder> {
  const folder = copySystem('dashtam', { 'dashtam-': 'berth-dashtam-' }, ['compose', 'compose-test', 'compose-ci']);
  let from = 24600;
  for (const name of ['dev', 'test', 'ci']) {
    let text = folder.read(`dashtam/env/.env.${name}.example`);
    for (const variable of text.match(/^\w+_PORT/gm) ?? []) {
      text = text.replace(new RegExp(`^${variable}=.*$`, 'm'), `${variable}=${await freePort(from)}`);
      from += 5;
    }
    folder.write(`dashtam/env/.env.${name}`, text.replace(/=$/gm, '=made-up'));
  }
  return folder;
}

/** System E with ports that nobody has. @param network what stands in for its external network `proxy`. */
export async function copyIchrisbirch(network: string): Promise<ComposeFolder> {
  const replacements: Record<string, string> = {
    'name: proxy': `name: ${network}`,
    '${HOME}/.aws': './home',
    'name: ichrisbirch': 'name: berth-ichrisbirch',
  };
  const published = ['8443:443', '5432:5432', '6379:6379', '5434:5432', '6380:6379', '8000:8000', '5000:8000'];
  published.push('8505:8000', '8001:8000', '5001:8000', '8507:8000', '80:80', '443:443', '8080:8080');
  let from = 24700;
  for (const port of published) {
    replacements[`"${port}"`] = `"${await freePort(from)}:${port.split(':')[1]}"`;
    from += 5;
  }
  return copySystem('ichrisbirch', replacements, ['berth-ichrisbirch', 'berth-ichrisbirch-test']);
}
