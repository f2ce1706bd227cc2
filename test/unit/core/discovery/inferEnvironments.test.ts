import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { discoverEnvironments } from '../../../../src/core/discovery/discover';
import { normalisedProjectName } from '../../../../src/core/model/project';
import { removeFolder, temporaryFolder } from '../../../support/temporary';

/** Compose files by their paths in a folder called `repo`; their text may name the project. */
type Files = Readonly<Record<string, string>>;

/** Writes files into a new folder called `repo`, and reads its environments. */
async function discovered(files: Files) {
  const parent = temporaryFolder('infer');
  const root = path.join(parent, 'repo');
  try {
    fs.mkdirSync(root);
    for (const [file, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      fs.writeFileSync(path.join(root, file), text);
    }
    const environments = (await discoverEnvironments(root, {})).map(({ definition }) => definition);
    assert.equal(new Set(environments.map(({ id }) => id)).size, environments.length, 'ids are unique');
    assert.ok(environments.every(({ origin, workspaceFolder }) => origin === 'inferred' && workspaceFolder === root));
    return environments.map((one) => ({ ...one, id: one.id.replace(root, '') }));
  } finally {
    removeFolder(parent);
  }
}

/** `test (test): compose.yaml + compose.test.yaml -> repo-test`, for each environment inferred. */
async function inferred(files: Files, projectInDotEnv?: string): Promise<string[]> {
  const dotEnv: Files = projectInDotEnv === undefined ? {} : { '.env': `COMPOSE_PROJECT_NAME=${projectInDotEnv}` };
  return (await discovered({ ...files, ...dotEnv })).map(
    ({ name, purpose, files: chain, projectName, projectDirectory }) => {
      assert.equal(projectDirectory, path.dirname(chain[0] ?? ''));
      return `${name} (${purpose}): ${chain.map((file) => path.basename(file)).join(' + ')}${projectName ? ` -> ${projectName}` : ''}`;
    },
  );
}

const only = (...names: string[]): Files => Object.fromEntries(names.map((name) => [name, '']));

describe('inferEnvironments', () => {
  const cases: readonly [title: string, files: Files, expected: readonly string[], projectInDotEnv?: string][] = [
    ['a base file alone', only('compose.yaml'), ['dev (development): compose.yaml']],
    [
      'a base file with its override, as Compose takes them',
      only('docker-compose.yml', 'docker-compose.override.yml'),
      ['dev (development): docker-compose.yml + docker-compose.override.yml'],
    ],
    [
      'base, override, and overlays for test and CI',
      only('docker-compose.yml', 'docker-compose.override.yml', 'docker-compose.test.yml', 'docker-compose.ci.yml'),
      [
        'dev (development): docker-compose.yml + docker-compose.override.yml',
        'test (test): docker-compose.yml + docker-compose.test.yml -> repo-test',
        'ci (ci): docker-compose.yml + docker-compose.ci.yml -> repo-ci',
      ],
    ],
    [
      'three whole files in one folder',
      only('compose/docker-compose.dev.yml', 'compose/docker-compose.test.yml', 'compose/docker-compose.ci.yml'),
      [
        'dev (development): docker-compose.dev.yml',
        'test (test): docker-compose.test.yml -> compose-test',
        'ci (ci): docker-compose.ci.yml -> compose-ci',
      ],
    ],
    [
      'a whole file with a project of its own, and overlays that only have a name, that add something, or that need the base',
      {
        'compose.yaml': 'name: ship\nservices: { db: { image: postgres }, web: { build: . } }',
        'compose.integration.yaml':
          'name: ship-integration\nservices: { db-test: { image: postgres, volumes: ["data:/data", "./x:/x"], networks: [default] }, api: { build: ., depends_on: [db-test] } }\nvolumes: { data: }',
        'compose.tools.yaml': 'services: { adminer: { image: adminer } }',
        'compose.same.yaml': 'name: ship\nservices: { adminer: { image: adminer } }',
        'compose.test.yaml': 'name: ship-test\nservices: { web: { ports: ["81:80"] } }',
        'compose.e2e.yaml': 'name: ship-e2e\nservices: { e2e: { build: e2e, depends_on: { web: { condition: a } } } }',
        'compose.mail.yaml': 'name: ship-mail\nservices: { mail: { image: mail, networks: { back: } } }',
        'compose.load.yaml':
          'name: ship-load\nservices: { load: { image: k6, volumes: [{ type: volume, source: data, target: /d }] } }',
      },
      [
        'dev (development): compose.yaml',
        'e2e (test): compose.yaml + compose.e2e.yaml -> ship-e2e',
        'integration (test): compose.integration.yaml -> ship-integration',
        'test (test): compose.yaml + compose.test.yaml -> ship-test',
        'load (other): compose.yaml + compose.load.yaml -> ship-load',
        'mail (other): compose.yaml + compose.mail.yaml -> ship-mail',
        'same (other): compose.yaml + compose.same.yaml -> ship',
        'tools (other): compose.yaml + compose.tools.yaml -> ship-tools',
      ],
    ],
    [
      'files with a project of their own that name a service of the base as a host, and ones that only seem to',
      {
        'compose.yaml': 'name: ship\nservices: { db: { image: postgres }, redis: { image: redis }, api: { build: . } }',
        ...Object.fromEntries(
          Object.entries({
            url: 'u: { build: ., environment: { DATABASE_URL: postgres://db/x } }',
            user: 'u: { build: ., environment: { DATABASE_URL: "postgres://${U:-a}:b@db" } }',
            port: 'u: { build: ., command: ["wait", "db:5432"] }',
            other:
              'u: { build: ., environment: { A: "http://db-2/x", B: "pg://db:b@h/db:10", C: "a-db:5432", D: redis:7 } }',
            image: 'u: { image: &i redis:72 }\n  v: { image: "redis:72" } # as db:5432',
            own: 'u: { build: ., environment: { A: "//db/x" } }\n  db: { image: mysql }',
          }).map(([name, service]) => [`compose.${name}.yaml`, `name: ship-${name}\nservices:\n  ${service}`]),
        ),
      },
      [
        'dev (development): compose.yaml',
        'image (other): compose.image.yaml -> ship-image',
        'other (other): compose.other.yaml -> ship-other',
        'own (other): compose.own.yaml -> ship-own',
        'port (other): compose.yaml + compose.port.yaml -> ship-port',
        'url (other): compose.yaml + compose.url.yaml -> ship-url',
        'user (other): compose.yaml + compose.user.yaml -> ship-user',
      ],
    ],
    [
      'files whose heads say what they are run with, but not what stands below or names others, nor what Compose refuses',
      {
        'deploy/compose.yaml': 'services: { web: { image: web }, db: { image: db } }',
        'deploy/compose.dev.yaml': 'services: { web: { ports: ["80:80"] } }',
        'deploy/compose.test.yaml': `version: "3"
# Usage: A=1 docker compose -f deploy/compose.test.yaml up --build (nothing else)
services: { web: { build: . } } # docker compose -f compose.yaml -f compose.test.yaml up
`,
        'deploy/compose.prod.yaml': `# Use \`docker-compose --file=compose.yaml -p ship-<name> \\
#   -f compose.dev.yaml -f compose.prod.yaml up\`, and not docker compose -f compose.prod.yaml up.
services: { web: { build: . } }
`,
        'deploy/compose.ci.yaml': '# docker compose -f compose.ci.yaml up\nservices: { web: { command: ci } }',
        'deploy/compose.gone.yaml':
          '# docker compose -f gone.yaml -f compose.gone.yaml up, docker compose up\nservices: { web: { build: . } }',
        'deploy/compose.more.yaml': 'services: { web: { build: . } } # docker compose -f compose.more.yaml up',
      },
      [
        'dev (development): compose.yaml + compose.dev.yaml',
        'test (test): compose.test.yaml -> deploy-test',
        'ci (ci): compose.yaml + compose.ci.yaml -> deploy-ci',
        'prod (production): compose.yaml + compose.dev.yaml + compose.prod.yaml -> deploy-prod',
        'base (other): compose.yaml -> deploy-base',
        'gone (other): compose.yaml + compose.gone.yaml -> deploy-gone',
        'more (other): compose.yaml + compose.more.yaml -> deploy-more',
      ],
    ],
    [
      'files whose heads have several commands: the longest counts, of those that make containers and name no file twice',
      {
        'compose.yaml': 'services: { web: { image: web } }',
        'compose.test.yaml':
          '# docker compose -f compose.yaml -f compose.test.yaml up -d, then -f compose.yaml logs\nservices: { t: { build: . } }',
        'compose.ci.yaml': `# Not by itself (docker compose -f compose.ci.yaml up finds no web):
# docker compose -p ci -f compose.yaml -f compose.test.yaml -f compose.ci.yaml run --rm ci.
services: { ci: { build: . } }
`,
        'compose.e2e.yaml': '# docker compose -f compose.e2e.yaml down\nservices: { e2e: { build: . } }',
        'compose.load.yaml': `# docker compose -f compose.load.yaml -f compose.load.yaml up
services: { load: { build: . } }
`,
      },
      [
        'dev (development): compose.yaml',
        'e2e (test): compose.yaml + compose.e2e.yaml -> repo-e2e',
        'test (test): compose.yaml + compose.test.yaml -> repo-test',
        'ci (ci): compose.yaml + compose.test.yaml + compose.ci.yaml -> repo-ci',
        'load (other): compose.yaml + compose.load.yaml -> repo-load',
      ],
    ],
    [
      'files with the purpose before the name, which no workflow is, and nothing else before it',
      {
        ...only('lamp/dev_docker-compose.yml', 'lamp/PROD-docker-compose.yml', 'lamp/ci.compose.yaml'),
        ...only('lamp/my-compose.yaml', 'lamp/test_compose.override.yaml', '.github/workflows/test-compose.yml'),
      },
      [
        'dev (development): dev_docker-compose.yml',
        'ci (ci): ci.compose.yaml -> lamp-ci',
        'prod (production): PROD-docker-compose.yml -> lamp-prod',
      ],
    ],
    ['one file with profiles', only('docker-compose.yml'), ['dev (development): docker-compose.yml']],
    ['one file in a folder of its own', only('docker/docker-compose.yml'), ['dev (development): docker-compose.yml']],
    [
      'a production base with layers on top',
      {
        ...only('docker-compose.yml', 'docker-compose.dev.yml', 'docker-compose.ci.yml'),
        'docker-compose.test.yml': 'name: ship-test',
      },
      [
        'dev (development): docker-compose.yml + docker-compose.dev.yml',
        'test (test): docker-compose.yml + docker-compose.test.yml -> ship-test',
        'ci (ci): docker-compose.yml + docker-compose.ci.yml -> repo-ci',
        'prod (production): docker-compose.yml -> repo-prod',
      ],
    ],
    [
      'a base for both dev and prod',
      only('compose.yaml', 'compose.dev.yaml', 'compose.prod.yaml'),
      [
        'dev (development): compose.yaml + compose.dev.yaml',
        'prod (production): compose.yaml + compose.prod.yaml -> repo-prod',
        'base (other): compose.yaml -> repo-base',
      ],
    ],
    [
      'a base besides all that it could be called',
      only('compose.yaml', 'compose.dev.yaml', 'compose.prod.yaml', 'compose.base.yaml'),
      [
        'dev (development): compose.yaml + compose.dev.yaml',
        'prod (production): compose.yaml + compose.prod.yaml -> repo-prod',
        'base (other): compose.yaml + compose.base.yaml -> repo-base',
        'default (other): compose.yaml -> repo-default',
      ],
    ],
    [
      'a whole file beside a base file is no overlay, one that leaves something out is',
      {
        'compose.yaml': 'services: {db: {image: a}, web: {build: .}}',
        'compose.test.yaml': 'services: {db: {image: b}, web: {image: c}, mail: {image: d}}',
        'compose.ci.yaml': 'services: {db: {image: b}}',
        'compose.e2e.yaml': 'services: {db: {image: b}, web: {environment: {A: 1}}}',
      },
      [
        'dev (development): compose.yaml',
        'e2e (test): compose.yaml + compose.e2e.yaml -> repo-e2e',
        'test (test): compose.test.yaml -> repo-test',
        'ci (ci): compose.yaml + compose.ci.yaml -> repo-ci',
      ],
    ],
    [
      'a whole file of another stem stands alone, a part of one does not',
      {
        'docker-compose.yml': 'services: {db: {image: a}}',
        'compose.staging.yaml': 'services: {web: {image: b}}',
        'compose.test.yaml': 'services: {db: {ports: [1]}}',
      },
      [
        'dev (development): docker-compose.yml',
        'test (test): docker-compose.yml + compose.test.yaml -> repo-test',
        'staging (other): compose.staging.yaml -> repo-staging',
      ],
    ],
    [
      'a whole file that says an image of the base again, or extends its services, is no overlay',
      {
        'compose.yaml': 'services: {db: {image: a}, web: {build: ., image: w}}',
        'compose.lite.yaml': 'services: {db: {image: a}, lite: {image: b}}',
        'compose.test.yaml': 'services: {web: {extends: {file: compose.yaml, service: web}}, db: {image: b}}',
        'compose.dev.yaml': 'services: {web: {build: web, image: w}}',
        'compose.ci.yaml': 'services: {db: {image: a}, web: {environment: {A: 1}}}',
      },
      [
        'dev (development): compose.yaml + compose.dev.yaml',
        'test (test): compose.test.yaml -> repo-test',
        'ci (ci): compose.yaml + compose.ci.yaml -> repo-ci',
        'lite (other): compose.lite.yaml -> repo-lite',
      ],
    ],
    [
      'a half file without a base file is laid over the only one that says what it leaves out',
      {
        'compose.prod.yaml': 'services: {web: {image: a}, db: {image: b}}',
        'compose.login.yaml': 'services: {web: {environment: {A: 1}}, login: {image: c}, mail: {image: d}}',
        'api/compose.dev.yaml': 'services: {web: {image: a}}',
        'api/compose.prod.yaml': 'services: {web: {image: b}}',
        'api/compose.login.yaml': 'services: {web: {environment: {A: 1}}}',
      },
      [
        'prod (production): compose.prod.yaml -> repo-prod',
        'login (other): compose.prod.yaml + compose.login.yaml -> repo-login',
        'api/dev (development): compose.dev.yaml',
        'api/prod (production): compose.prod.yaml -> api-prod',
      ],
    ],
    [
      'a developer’s file beside the one that is deployed',
      {
        'compose.yaml': 'services: {web: {image: a}}',
        'compose-developer.yaml': 'services: {web: {build: .}}',
      },
      ['developer (development): compose-developer.yaml', 'prod (production): compose.yaml -> repo-prod'],
    ],
    [
      'a file that says of most services not what they run is laid over something in another folder',
      {
        'web/compose.yaml': 'services: {web: {image: a}, db: {image: b}}',
        'compose.proxy.yaml': 'services: {web: {labels: {a: b}}, db: {labels: {a: b}}, proxy: {image: c}}',
        'compose.test.yaml': 'services: {web: {image: a}, being-written: {}}',
      },
      ['test (test): compose.test.yaml', 'web/dev (development): compose.yaml'],
    ],
    [
      'other words and separators',
      only('compose.yaml', 'compose-staging.yaml', 'compose_e2e.yml', 'compose.Local.yaml'),
      [
        'local (development): compose.yaml + compose.Local.yaml',
        'e2e (test): compose.yaml + compose_e2e.yml -> repo-e2e',
        'prod (production): compose.yaml -> repo-prod',
        'staging (other): compose.yaml + compose-staging.yaml -> repo-staging',
      ],
    ],
    [
      'copies that nobody runs are no environments',
      only(
        ...['example', 'override.example', 'dist', 'bak', 'test.bak', 'template', 'orig'].map(
          (v) => `compose.${v}.yaml`,
        ),
      ),
      [],
    ],
    [
      'several files that stand for the same',
      only('compose.yaml', 'docker-compose.yml', 'compose.test.yaml', 'compose.test.yml', 'compose.override.yml'),
      [
        'dev (development): compose.yaml + compose.override.yml',
        'test (test): compose.yaml + compose.test.yaml -> repo-test',
      ],
    ],
    [
      'no development among them: none keeps the plain name',
      only('compose.ci.yaml', 'compose.prod.yaml'),
      ['ci (ci): compose.ci.yaml -> repo-ci', 'prod (production): compose.prod.yaml -> repo-prod'],
    ],
    [
      'a project name in the base',
      { 'compose.yaml': 'name: ship', 'compose.test.yaml': '' },
      ['dev (development): compose.yaml', 'test (test): compose.yaml + compose.test.yaml -> ship-test'],
    ],
    [
      'a project name in .env goes before one in the base',
      { 'compose.yaml': 'name: ship', 'compose.test.yaml': '' },
      ['dev (development): compose.yaml', 'test (test): compose.yaml + compose.test.yaml -> boat-test'],
      'boat',
    ],
    [
      'a name of its own is given to Compose, so that COMPOSE_PROJECT_NAME does not put all into one project',
      { 'compose.yaml': '', 'compose.test.yaml': 'name: ship-test', 'compose.ci.yaml': 'name: ship-$USER' },
      [
        'dev (development): compose.yaml',
        'test (test): compose.yaml + compose.test.yaml -> ship-test',
        'ci (ci): compose.yaml + compose.ci.yaml',
      ],
      'boat',
    ],
    [
      'a project name with a variable is not guessed at',
      { 'compose.yaml': 'name: ship-$USER', 'compose.test.yaml': '' },
      ['dev (development): compose.yaml', 'test (test): compose.yaml + compose.test.yaml -> repo-test'],
    ],
    [
      'several folders: each begins its names with its path',
      only('compose.yaml', 'services/api/compose.yaml', 'services/api/compose.test.yaml'),
      [
        'dev (development): compose.yaml',
        'services/api/dev (development): compose.yaml',
        'services/api/test (test): compose.yaml + compose.test.yaml -> api-test',
      ],
    ],
    ['nothing', {}, []],
  ];
  for (const [title, files, expected, projectInDotEnv] of cases) {
    it(title, async () => assert.deepEqual(await inferred(files, projectInDotEnv), expected));
  }

  it('gives the same ids whatever else is there', async () => {
    const ids = async (files: Files) => (await discovered(files)).map(({ id }) => id);
    const [dev] = await ids(only('compose.yaml'));
    assert.ok((await ids(only('compose.yaml', 'compose.test.yaml'))).includes(dev ?? ''));
  });

  it('gives the same ids when another folder gets a compose file, though names then begin with the folder', async () => {
    const [alone] = await discovered(only('api/compose.yaml'));
    const [beside] = await discovered(only('api/compose.yaml', 'web/compose.yaml'));
    assert.deepEqual([alone?.name, beside?.name], ['dev', 'api/dev']);
    assert.equal(alone?.id, beside?.id);
  });
});

describe('normalisedProjectName', () => {
  it('is what Compose makes of a folder', () => {
    const names = ['/x/My Project', '/x/_a.b-c_', '/x/--9', '/x/ÄÖ', 'Test'];
    assert.deepEqual(
      names.map((name) => normalisedProjectName(name)),
      ['myproject', 'ab-c_', '9', '', 'test'],
    );
  });
});
