import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../../support/paths';
import { CheckedFolder, type Files } from '../support/checkCases';
import type { System } from '../support/systems';

/** The files of a system as its team wrote them. */
function filesOf(system: System): Files {
  const folder = path.join(repositoryRoot, 'test', 'workspaces', system);
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => fs.statSync(path.join(folder, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, fs.readFileSync(path.join(folder, name), 'utf8')]));
}

/** System B with the env files that each makes of the examples. */
function withEnvFiles(files: Files): Files {
  const examples = Object.keys(files).filter((name) => /^env\/.*\.example$/.test(name));
  const made = examples.map((name) => [name.replace('.example', ''), files[name]?.replace(/=$/gm, '=made-up') ?? '']);
  return { ...files, ...Object.fromEntries(made) };
}

/**
 * All that is to be found, written down by hand from the files and from what their teams told of their troubles: severity, code, place,
 * environments.
 */
const EXPECTED: readonly (readonly [about: string, files: Files, found: readonly string[]])[] = [
  [
    'A, a base with overlays',
    filesOf('sherpa'),
    [
      'info obsolete-version docker-compose.yml:2 (ci, dev, test)',
      'info secret-in-file docker-compose.yml:10 (ci, dev, test)',
      'warning same-container-name docker-compose.yml:7 (dev, test)',
      'warning same-container-name docker-compose.yml:28 (dev, test)',
      'info port-on-all-interfaces docker-compose.yml:13 (ci, dev)',
      'info port-on-all-interfaces docker-compose.yml:30 (ci, dev)',
      'info obsolete-version docker-compose.test.yml:2 (test)',
      'warning appended-list docker-compose.test.yml:8 (test)',
      'warning same-port docker-compose.test.yml:8 (dev, test)',
      'info port-on-all-interfaces docker-compose.test.yml:9 (test)',
      'info test-data-kept docker-compose.test.yml:10 (test)',
      'warning appended-list docker-compose.test.yml:13 (test)',
      'warning same-port docker-compose.test.yml:13 (dev, test)',
      'info port-on-all-interfaces docker-compose.test.yml:14 (test)',
      'info obsolete-version docker-compose.ci.yml:2 (ci)',
      'warning reset-without-effect docker-compose.ci.yml:8 (ci)',
      'warning reset-without-effect docker-compose.ci.yml:13 (ci)',
      'info test-data-kept docker-compose.yml:14 (ci)',
    ],
  ],
  [
    'B, whole files side by side, before their env files are made',
    filesOf('dashtam'),
    [
      'warning missing-env-file Makefile:10 (dev)',
      'warning missing-env-file Makefile:23 (test)',
      'warning missing-env-file Makefile:36 (ci)',
      'warning same-project Makefile:23 (test)',
      'warning same-project Makefile:36 (ci)',
    ],
  ],
  [
    'B, with its env files',
    withEnvFiles(filesOf('dashtam')),
    [
      'warning same-project Makefile:23 (test)',
      'warning same-project Makefile:36 (ci)',
      'info port-on-all-interfaces compose/docker-compose.dev.yml:11 (dev)',
      'info port-on-all-interfaces compose/docker-compose.dev.yml:26 (dev)',
      'info port-on-all-interfaces compose/docker-compose.test.yml:11 (test)',
      'info port-on-all-interfaces compose/docker-compose.test.yml:25 (test)',
    ],
  ],
  [
    'C, one file with variables',
    filesOf('emotion-visualizer'),
    [
      'warning env-file-not-read backend/.env.example:2 (dev)',
      'warning unset-variable docker-compose.yml:27 (dev)',
      'warning unset-variable docker-compose.yml:28 (dev)',
      'info port-on-all-interfaces docker-compose.yml:9 (dev)',
    ],
  ],
  [
    'D, a file in a folder of its own',
    filesOf('hyvve'),
    [
      // Not the passwords that are the user's name, and only defaults.
      'info port-on-all-interfaces docker/docker-compose.yml:11 (dev)',
      'info port-on-all-interfaces docker/docker-compose.yml:26 (dev)',
    ],
  ],
  [
    'E, layers over production',
    filesOf('ichrisbirch'),
    [
      // Its command line brings the CI up as well, where it is told that it is on CI.
      'info same-network docker-compose.yml:123 (ci, dev)',
      'info same-network docker-compose.yml:123 (dev, test)',
      'info same-project cli/ichrisbirch:14 (ci)',
      'info same-project cli/ichrisbirch:14 (prod)',
      // Of all services one hint, at the first of them by its name.
      'info no-log-rotation docker-compose.yml:41 (prod)',
      'info no-limits docker-compose.yml:32 (prod)',
      'info port-on-all-interfaces docker-compose.dev.yml:6 (dev)',
      'info port-on-all-interfaces docker-compose.dev.yml:8 (dev)',
      'info port-on-all-interfaces docker-compose.test.yml:9 (ci, test)',
      'info port-on-all-interfaces docker-compose.test.yml:13 (ci, test)',
    ],
  ],
];

describe('systems A to E as written by their teams', () => {
  let folder: CheckedFolder | undefined;
  afterEach(() => folder?.dispose());

  for (const [about, files, expected] of EXPECTED) {
    it(about, async () => {
      folder = new CheckedFolder(files);
      const { findings } = await folder.check();
      assert.deepEqual([...folder.lines(findings)].sort(), [...expected].sort());
    });
  }
});
