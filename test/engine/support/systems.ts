import fs from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../../support/paths';
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
