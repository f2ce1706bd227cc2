import fs from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../../support/paths';
import { ComposeFolder } from './composeFolder';

/** The workspaces in `test/workspaces`. */
export type System = 'sherpa' | 'emotion-visualizer';

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
    // Else each of its containers leaves a volume without a name behind.
    'image: redis:7-alpine': 'image: redis:7-alpine\n    tmpfs: [/data]',
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
