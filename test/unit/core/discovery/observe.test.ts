import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { withConflicts } from '../../../../src/core/discovery/conflicts';
import { Discovery } from '../../../../src/core/discovery/discover';
import { readMakefile } from '../../../../src/core/discovery/observed/makefile';
import { readerOf } from '../../../../src/core/discovery/observed/sources';
import { removeFolder, temporaryFolder } from '../../../support/temporary';
import { textOnly } from '../support/examples';

const WHOLE = 'services: { db: { image: postgres } }';
const PART = 'services: { db: { ports: ["5433:5432"] } }';

/** Files by their paths in a folder called `repo`. */
type Files = Readonly<Record<string, string>>;

async function discovered(files: Files) {
  const parent = temporaryFolder('observe');
  const root = path.join(parent, 'repo');
  try {
    for (const [file, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      fs.writeFileSync(path.join(root, file), text);
    }
    const { environments, problems } = await new Discovery(root, {}).discover();
    const relative = (file: string) => path.relative(root, file).replaceAll(path.sep, '/');
    const found = environments.map((one) => ({ ...one, resolution: textOnly(one) }));
    return { environments: withConflicts(found).map(({ definition }) => definition), problems, relative };
  } finally {
    removeFolder(parent);
  }
}

/** `test observed: compose.yaml + compose.test.yaml, env .env.test, project shop-t, profiles a (make test)`, for each environment. */
async function described(files: Files): Promise<string[]> {
  const { environments, relative } = await discovered(files);
  return environments.map(
    ({ name, origin, files: chain, envFiles, projectName, profiles, context, knowledge }) =>
      [
        `${name} ${origin}: ${chain.map(relative).join(' + ')}`,
        ...(envFiles.length > 0 ? [`env ${envFiles.map(relative).join(' + ')}`] : []),
        ...(projectName === undefined ? [] : [`project ${projectName}`]),
        ...(profiles.length > 0 ? [`profiles ${profiles.join(' ')}`] : []),
        ...(context === undefined ? [] : [`context ${context}`]),
      ].join(', ') +
      (knowledge?.evidence.length ? ` (${knowledge.evidence.map(({ label }) => label).join(', ')})` : ''),
  );
}

const base = { 'compose.yaml': WHOLE, 'compose.dev.yaml': PART, 'compose.test.yaml': PART };
const overlays = { ...base, 'compose.ci.yaml': PART };

describe('environments that somebody’s commands run', () => {
  const cases: readonly [title: string, files: Files, expected: readonly string[]][] = [
    [
      'a .env that names the files, which Compose takes without a command',
      { ...base, '.env': 'A=1\nCOMPOSE_FILE=compose.yaml:compose.dev.yaml\n' },
      [
        'dev observed: compose.yaml + compose.dev.yaml (.env)',
        'test inferred: compose.yaml + compose.test.yaml, project repo-test',
        'prod inferred: compose.yaml, project repo-prod',
      ],
    ],
    [
      'files that Compose refuses together as they are now, and takes in the way that their names tell',
      {
        'compose.yaml': WHOLE,
        'compose.local.yaml': 'services: { db: {}, extra: { ports: ["80:80"] } }',
        'compose.production.yaml': PART,
        'run.sh': 'docker compose -f compose.yaml -f compose.local.yaml -f compose.production.yaml up\n',
      },
      [
        'local inferred: compose.yaml + compose.local.yaml',
        'production observed: compose.yaml + compose.local.yaml + compose.production.yaml, project repo-production (run.sh)',
        'production-2 inferred: compose.yaml + compose.production.yaml, project repo-production-2',
        'base inferred: compose.yaml, project repo-base',
      ],
    ],
    [
      'several projects of the same files, and the stronger source with the first choice of a name',
      {
        'compose.yaml': WHOLE,
        'compose.test.yaml': PART,
        'README.md': '```sh\ndocker compose -p other -f compose.yaml -f compose.test.yaml up\n```\n',
        Makefile:
          'a:\n\tdocker compose -p a up\nb:\n\tdocker compose -p b up\nup-test:\n\tdocker compose -f compose.yaml -f compose.test.yaml up\n',
      },
      [
        'test observed: compose.yaml + compose.test.yaml (make up-test)',
        'test-other observed: compose.yaml + compose.test.yaml, project other (README.md)',
        'a observed: compose.yaml, project a (make a)',
        'b observed: compose.yaml, project b (make b)',
      ],
    ],
    [
      'a .env that names files in another folder, with a separator of its own',
      {
        '.env': 'COMPOSE_PATH_SEPARATOR=,\nCOMPOSE_FILE=docker/compose.yaml,docker/compose.dev.yaml\n',
        'docker/compose.yaml': WHOLE,
        'docker/compose.dev.yaml': PART,
      },
      [
        'dev observed: docker/compose.yaml + docker/compose.dev.yaml, env .env (.env)',
        'prod inferred: docker/compose.yaml, project docker-prod',
      ],
    ],
    [
      'a script that is run in a folder between the root and its own',
      {
        'compose.integration.yaml': WHOLE,
        'backend/scripts/test.sh': 'file=../compose.integration.yaml\ndocker compose -f "$file" up -d\n',
      },
      ['integration observed: compose.integration.yaml (test.sh)'],
    ],
    [
      'env files with variables of Compose’s own, and not those of .env then',
      {
        'compose.yaml': WHOLE,
        '.env': 'COMPOSE_PROJECT_NAME=usual\nCOMPOSE_PROFILES=tools\n',
        'test.env': 'COMPOSE_PROJECT_NAME=suite\nCOMPOSE_PROFILES=e2e,mail\n',
        Makefile: 'dev:\n\tdocker compose up\ntest:\n\tdocker compose --env-file test.env up\n',
      },
      [
        'dev observed: compose.yaml, profiles tools (make dev)',
        'test observed: compose.yaml, env test.env, project suite, profiles e2e mail (make test)',
      ],
    ],
    [
      'a makefile with variables in variables, defaults, additions and continued lines',
      {
        ...overlays,
        '.env.test': '',
        'config.mk': 'PROJECT ?= shop\n',
        Makefile: `-include config.mk
DC ?= docker compose
BASE := -f compose.yaml
TEST_FILES = $(BASE) \\
  -f compose.test.yaml
TEST = $(DC) $(TEST_FILES) --env-file .env.test
TEST += -p $(PROJECT)-t
.PHONY: dev-up test
dev-up: ## brings it up
	@$(DC) $(BASE) -f compose.dev.yaml \\
	  up -d
test:
	-$(TEST) up -d --wait && \\
	$(TEST) run --rm db pytest -q
ci: TEST_FILES += -f compose.ci.yaml
ci:
	$(DC) $(TEST_FILES) -p shop-ci up
`,
      },
      [
        'dev observed: compose.yaml + compose.dev.yaml (make dev-up)',
        'test observed: compose.yaml + compose.test.yaml, env .env.test, project shop-t (make test)',
        'ci observed: compose.yaml + compose.test.yaml + compose.ci.yaml, project shop-ci (make ci)',
        'prod inferred: compose.yaml, project repo-prod',
      ],
    ],
    [
      'make’s functions and conditions',
      {
        ...overlays,
        Makefile: `FILES = compose.yaml compose.test.yaml
ENV ?= test
ifeq ($(ENV),test)
  PROFILES = --profile $(or $(PROFILE),mail)
else
  PROFILES = --profile other
endif
up:
	docker compose $(addprefix -f ,$(FILES)) $(PROFILES) up
dev:
	docker compose $(foreach f,yaml dev.yaml,-f compose.$(f)) up
`,
      },
      [
        'dev observed: compose.yaml + compose.dev.yaml (make dev)',
        'test observed: compose.yaml + compose.test.yaml, project repo-test, profiles mail (make up)',
        'ci inferred: compose.yaml + compose.ci.yaml, project repo-ci',
        'prod inferred: compose.yaml, project repo-prod',
      ],
    ],
    [
      'files that a variable asks for: one that nobody sets does not',
      {
        'compose.yaml': WHOLE,
        'compose.mail.yaml': PART,
        'compose.e2e.yaml': PART,
        Makefile: `ASKED = [[ -n $$MAIL ]] && echo "-f compose.mail.yaml"
DC = docker compose -f compose.yaml $$($(ASKED))
up:
	$(DC) up
mail:
	export MAIL=1 && $(DC) up
e2e:
	$(DC) -f compose.e2e.yaml $$(test "$$MAIL" && echo "-f compose.mail.yaml") up
`,
      },
      [
        'dev observed: compose.yaml (make up)',
        'e2e observed: compose.yaml + compose.e2e.yaml, project repo-e2e (make e2e)',
        'mail observed: compose.yaml + compose.mail.yaml, project repo-mail (make mail)',
      ],
    ],
    [
      'branches of conditions: one of them, and what a file that is there decides',
      {
        ...overlays,
        '.env': 'PROJECT=read\n',
        'more.env': 'COMPOSE_PROFILES=mail\n',
        Makefile: `ENV = test
ifneq (,$(wildcard ./.env))
include .env more.env
export $(shell sed 's/=.*//' more.env)
endif
ifeq ($(ENV),dev)
  F = dev
else ifeq ($(ENV),test)
  F = test
else ifeq ($(words $(ENV) x),2)
  F = none
else
  F = ci
endif
up:
	docker compose -f compose.yaml -f compose.$(F).yaml -p $(PROJECT) up
ifeq ($(wildcard gone.*),)
all:
	docker compose $(addprefix -f ,$(sort compose.yaml compose.yaml) $(join compose.,dev.yaml)) up
ci:
	docker compose $(addprefix -f ,compose.yaml $(filter %.ci.yaml,$(wildcard compose.*.yaml))) up
endif
`,
      },
      [
        'dev observed: compose.yaml + compose.dev.yaml, profiles mail (make all)',
        'test observed: compose.yaml + compose.test.yaml, project read, profiles mail (make up)',
        'ci observed: compose.yaml + compose.ci.yaml, project repo-ci, profiles mail (make ci)',
        'prod inferred: compose.yaml, project repo-prod',
      ],
    ],
    [
      'variables of a target that reach what is made before it',
      {
        ...overlays,
        Makefile: `dev: F = dev
dev: up
test: export COMPOSE_FILE=compose.yaml:compose.test.yaml
test: run
ci: private F = ci
ci: up
up: ## $(F) is given
	docker compose -f compose.yaml -f compose.$(F).yaml up
run:
	docker compose run db
run: test
`,
      },
      [
        'dev observed: compose.yaml + compose.dev.yaml (make dev)',
        'test observed: compose.yaml + compose.test.yaml, project repo-test (make test)',
        'ci inferred: compose.yaml + compose.ci.yaml, project repo-ci',
        'prod observed: compose.yaml, project repo-prod (make run)',
      ],
    ],
    [
      'recipes that run make again, with other variables',
      {
        ...overlays,
        Makefile: `ENV ?= dev
ifeq ($(ENV),test)
  MORE = -p suite
endif
up: build
	docker compose -f compose.yaml -f compose.$(ENV).yaml $(MORE) up
unit:
	@$(MAKE) --no-print-directory up ENV=test && pytest
on-ci:
	ENV=ci $(MAKE) up
elsewhere:
	$(MAKE) -C sub up ENV=ci
	cd sub && make up ENV=ci
build:
	$(MAKE) up ENV=$(ENV)x
`,
      },
      [
        'dev observed: compose.yaml + compose.dev.yaml (make up)',
        'test observed: compose.yaml + compose.test.yaml, project suite (make unit)',
        'ci observed: compose.yaml + compose.ci.yaml, project repo-ci (make on-ci)',
        'prod inferred: compose.yaml, project repo-prod',
      ],
    ],
    [
      'variables of several lines, and rules for patterns',
      {
        ...overlays,
        'make/bring.mk': `define bring
	@echo $(1)
	@docker compose -f compose.yaml -f compose.$(1).yaml up
endef
`,
        Makefile: `include make/*.mk
.PHONY: up-dev up-test
up-%:
	$(call bring,$*)
all-ci: all-%:
	docker compose -f compose.yaml -f compose.$*.yaml up
`,
      },
      [
        'dev observed: compose.yaml + compose.dev.yaml (make up-dev)',
        'test observed: compose.yaml + compose.test.yaml, project repo-test (make up-test)',
        'ci observed: compose.yaml + compose.ci.yaml, project repo-ci (make all-ci)',
        'prod inferred: compose.yaml, project repo-prod',
      ],
    ],
    [
      'a justfile with parameters that are given when nobody gives any',
      {
        ...overlays,
        justfile: `files := "-f " + "compose.yaml"
up +services:
  docker compose {{files}} up {{services}}
e2e *FLAGS='': (build "x")
  docker compose {{files}} -f compose.test.yaml {{FLAGS}} up
@start env="dev" $COMPOSE_PROFILES='mail': build # {{env}}
  docker compose {{files}} -f compose.{{ env }}.yaml up
ask env:
  docker compose {{files}} -f compose.{{env}}.yaml up
build what=(files + "x"):
  docker build .
`,
      },
      [
        'dev observed: compose.yaml + compose.dev.yaml, profiles mail (just start)',
        'test observed: compose.yaml + compose.test.yaml, project repo-test (just e2e)',
        'ci inferred: compose.yaml + compose.ci.yaml, project repo-ci',
        'prod observed: compose.yaml, project repo-prod (just up)',
      ],
    ],
    [
      'jobs of GitLab that extend others',
      {
        ...overlays,
        '.gitlab-ci.yml': `variables: { F: dev }
.files:
  variables: { F: ci, PROJECT: wrong }
.compose:
  extends: [.files, .named, .elsewhere]
  before_script: [!reference [.files, script], 'export COMPOSE_FILE=compose.yaml:compose.$F.yaml']
  script: [docker compose -p $PROJECT up]
.named:
  extends: .named
  variables: { PROJECT: boat }
integration: { extends: .compose }
e2e:
  extends: .compose
  variables: { F: test }
other:
  extends: .elsewhere
  script: [docker compose -f compose.yaml -f compose.$F.yaml up]
`,
      },
      [
        'dev observed: compose.yaml + compose.dev.yaml (.gitlab-ci.yml: other)',
        'test observed: compose.yaml + compose.test.yaml, project boat (.gitlab-ci.yml: e2e)',
        'ci observed: compose.yaml + compose.ci.yaml, project boat (.gitlab-ci.yml: integration)',
        'prod inferred: compose.yaml, project repo-prod',
      ],
    ],
    [
      'dev containers whose project is named by something stronger',
      {
        'a/.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yaml" }',
        'a/.devcontainer/compose.yaml': `name: named\n${WHOLE}`,
        'b/.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yaml" }',
        'b/.devcontainer/compose.yaml': WHOLE,
        'b/.devcontainer/.env': 'COMPOSE_PROJECT_NAME=said\n',
        'c/.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yaml" }',
        'c/.devcontainer/compose.yaml': WHOLE,
      },
      [
        'a/devcontainer observed: a/.devcontainer/compose.yaml (devcontainer.json)',
        'b/devcontainer observed: b/.devcontainer/compose.yaml (devcontainer.json)',
        'c/devcontainer observed: c/.devcontainer/compose.yaml, project c_devcontainer (devcontainer.json)',
      ],
    ],
    [
      'tasks of the Docker extension',
      {
        ...base,
        'ci.env': '',
        '.vscode/tasks.json': JSON.stringify({
          tasks: [
            {
              label: 'test: up',
              type: 'docker-compose',
              dockerCompose: {
                up: { detached: true },
                files: [`\${workspaceFolder}/compose.yaml`, `\${workspaceFolder}/compose.test.yaml`],
                ...{ projectName: 'boat', envFile: `\${workspaceFolder}/ci.env`, profiles: ['mail'] },
              },
            },
            {
              label: 'down',
              type: 'docker-compose',
              dockerCompose: { down: {}, files: ['compose.yaml', 'compose.dev.yaml'] },
            },
          ],
        }),
      },
      [
        'dev inferred: compose.yaml + compose.dev.yaml',
        'test observed: compose.yaml + compose.test.yaml, env ci.env, project boat, profiles mail (tasks.json: test: up)',
        'prod inferred: compose.yaml, project repo-prod',
      ],
    ],
    [
      'scripts of a package.json with a mark at its beginning that read env files, and run several commands',
      {
        ...overlays,
        '.env.test': '',
        'package.json': `\uFEFF${JSON.stringify({
          scripts: {
            ci: 'env-cmd -f .env.test docker compose -f compose.yaml -f compose.ci.yaml up',
            e2e: 'dotenv -e .env.test -- docker compose -f compose.yaml -f compose.test.yaml up -d',
            dev: 'npx --yes concurrently -k "docker compose -f compose.yaml -f compose.dev.yaml up" "vite"',
          },
        })}`,
      },
      [
        'dev observed: compose.yaml + compose.dev.yaml (npm run dev)',
        'test observed: compose.yaml + compose.test.yaml, env .env.test, project repo-test (npm run e2e)',
        'ci observed: compose.yaml + compose.ci.yaml, env .env.test, project repo-ci (npm run ci)',
        'prod inferred: compose.yaml, project repo-prod',
      ],
    ],
    [
      'scripts of package.json, also in a folder below',
      {
        'docker/docker-compose.yml': WHOLE,
        'package.json': JSON.stringify({
          scripts: { 'docker:up': 'docker-compose -f docker/docker-compose.yml up -d', lint: 'eslint .' },
        }),
        'web/compose.yaml': WHOLE,
        'web/package.json': JSON.stringify({ scripts: { db: 'cd .. && docker compose --file=web/compose.yaml up' } }),
      },
      [
        'docker/dev observed: docker/docker-compose.yml (npm run docker:up)',
        'web/dev observed: web/compose.yaml (npm run db)',
      ],
    ],
    [
      'a justfile',
      {
        ...base,
        justfile: `compose := "docker compose -f compose.yaml"
test *args:
    {{compose}} -f compose.test.yaml up -d
dev: test
    @{{ compose }} -f compose.dev.yaml up
`,
      },
      [
        'dev observed: compose.yaml + compose.dev.yaml (just dev)',
        'test observed: compose.yaml + compose.test.yaml, project repo-test (just test)',
        'prod inferred: compose.yaml, project repo-prod',
      ],
    ],
    [
      'a justfile with imports and modules, which run where they are or where one is',
      {
        ...base,
        'api/compose.ci.yaml': WHOLE,
        justfile: `import? 'just/main.just'
mod test 'tasks/test'
mod api
mod? none
`,
        'just/main.just': `import '../justfile'
files := "-f compose.yaml"
dev:
  docker compose {{files}} -f compose.dev.yaml up
`,
        'tasks/test': `docker := env("DOCKER", if \`command -v docker\` == "" { "nerdctl" } else { "docker" })
mod test 'test'
[no-cd]
all:
  {{docker}} compose \\
    -f compose.yaml \\
    -f compose.test.yaml up
restart:
  cd {{justfile_directory()}} && {{docker}} compose -f compose.yaml -f compose.test.yaml restart
`,
        'api/mod.just': `ci:
  docker compose -f compose.ci.yaml up
`,
      },
      [
        'dev observed: compose.yaml + compose.dev.yaml (just dev)',
        'test observed: compose.yaml + compose.test.yaml, project repo-test (test: all, test: restart)',
        'prod inferred: compose.yaml, project repo-prod',
        'api/ci observed: api/compose.ci.yaml (just ci)',
      ],
    ],
    [
      'pages that a README links to, wherever they are',
      {
        ...base,
        'README.md':
          'How to use Docker Compose: [dev](a/b/c/d/e/README.md#start), [changes](CHANGELOG.md), [x](../x.md), [y](https://y/z.md)',
        'a/b/c/d/e/README.md': '```sh\ndocker compose -p boat -f compose.yaml -f compose.dev.yaml up\n```\n[f](f.md)\n',
        'a/b/c/d/e/f.md': '```sh\ndocker compose -p ship -f compose.yaml -f compose.test.yaml up\n```\n',
        'CHANGELOG.md': '```sh\ndocker compose -p old -f compose.yaml up\n```\n',
      },
      [
        'dev observed: compose.yaml + compose.dev.yaml, project boat (README.md)',
        'test inferred: compose.yaml + compose.test.yaml, project repo-test',
        'prod inferred: compose.yaml',
      ],
    ],
    [
      'a base file in a folder that is only laid over another one',
      {
        ...base,
        'tools/mail/compose.yaml': 'services: { mail: { image: mail } }',
        Makefile: 'mail:\n\tdocker compose -f compose.yaml -f tools/mail/compose.yaml up\n',
      },
      [
        'dev inferred: compose.yaml + compose.dev.yaml',
        'test inferred: compose.yaml + compose.test.yaml, project repo-test',
        'prod inferred: compose.yaml, project repo-prod',
        'mail observed: compose.yaml + tools/mail/compose.yaml, project repo-mail (make mail)',
      ],
    ],
    [
      'a program that only running something would tell',
      {
        ...overlays,
        Makefile:
          'DOCKER ?= $(shell command -v docker)\ntest:\n\t$(DOCKER) compose -f compose.yaml -f compose.test.yaml up\n',
        'dev.sh':
          'docker=$(command -v docker)\n"$docker" compose -f compose.yaml -f compose.dev.yaml up\n"$docker" run compose up\n',
      },
      [
        'dev observed: compose.yaml + compose.dev.yaml (dev.sh)',
        'test observed: compose.yaml + compose.test.yaml, project repo-test (make test)',
        'ci inferred: compose.yaml + compose.ci.yaml, project repo-ci',
        'prod inferred: compose.yaml, project repo-prod',
      ],
    ],
    [
      'a justfile whose recipes have parameters with defaults',
      {
        'docker-compose.test.yml': WHOLE,
        'compose.dev.yaml': WHOLE,
        justfile: `here := justfile_directory()
# Invokes docker compose for the tests
test *args='':
    docker compose -p boat -f {{ here / "docker-compose.test.yml" }} {{ args }}
dev separator=":" *args: (test "down")
    docker compose -f compose.dev.yaml up {{ args }}
`,
      },
      ['dev observed: compose.dev.yaml (just dev)', 'test observed: docker-compose.test.yml, project boat (just test)'],
    ],
    [
      'a project that only people give: CI has its machine to itself',
      {
        'compose.test.yaml': WHOLE,
        Makefile: 'test:\n\tdocker compose -p boat -f compose.test.yaml up\n',
        '.github/workflows/ci.yml': 'jobs: { unit: { steps: [{ run: docker compose -f compose.test.yaml up -d }] } }',
      },
      ['test observed: compose.test.yaml, project boat (make test, ci.yml: unit)'],
    ],
    [
      'a project that only CI gives, to what people bring up without one',
      {
        'compose.yaml': WHOLE,
        'compose.mail.yaml': PART,
        'README.md': '```sh\ndocker compose up\ndocker compose -f compose.yaml -f compose.mail.yaml up\n```\n',
        '.github/workflows/ci.yml': `jobs:
  unit:
    env: { COMPOSE_PROJECT_NAME: boat }
    steps: [{ run: docker compose up -d }, { run: docker compose -f compose.yaml -f compose.mail.yaml up -d }]
  tests:
    steps: [{ run: docker compose -p boat-test up -d }]
`,
      },
      [
        'dev observed: compose.yaml (ci.yml: unit, README.md)',
        'test observed: compose.yaml, project boat-test (ci.yml: tests)',
        'mail observed: compose.yaml + compose.mail.yaml, project repo-mail (ci.yml: unit, README.md)',
      ],
    ],
    [
      'a Taskfile',
      {
        ...base,
        'Taskfile.yml': `version: '3'
vars: { FILES: -f compose.yaml }
tasks:
  'up:test':
    vars: { PROJECT: boat }
    cmds:
      - docker compose {{.FILES}} -f compose.test.yaml -p {{.PROJECT}} up {{.CLI_ARGS}}
  dev:
    dir: '{{.ROOT_DIR}}'
    env: { COMPOSE_FILE: 'compose.yaml:compose.dev.yaml' }
    cmd: docker compose up
`,
      },
      [
        'dev observed: compose.yaml + compose.dev.yaml (task dev)',
        'test observed: compose.yaml + compose.test.yaml, project boat (task up:test)',
        'prod inferred: compose.yaml, project repo-prod',
      ],
    ],
    [
      'shell scripts with functions, arrays, case and cd',
      {
        ...overlays,
        'scripts/env.sh': `#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "\${BASH_SOURCE[0]}")/.." || exit 1
COMPOSE=(docker compose -f compose.yaml)
dev() { "\${COMPOSE[@]}" -f compose.dev.yaml "$@"; }
case "\${1:-}" in
  start) dev up -d; exit ;;
  test)
    export COMPOSE_PROJECT_NAME=boat-test
    FILES="-f compose.test.yaml" ;;
  ci) FILES="-f compose.test.yaml -f compose.ci.yaml" ;;
  *) echo "usage: docker compose up" >&2; exit 2 ;;
esac
"\${COMPOSE[@]}" $FILES up --wait
`,
      },
      [
        'dev observed: compose.yaml + compose.dev.yaml (env.sh: dev)',
        'test observed: compose.yaml + compose.test.yaml, project boat-test (env.sh: test)',
        'ci observed: compose.yaml + compose.test.yaml + compose.ci.yaml, project repo-ci (env.sh: ci)',
        'prod inferred: compose.yaml, project repo-prod',
      ],
    ],
    [
      'no scripts that only install or move docker-compose',
      {
        'compose.yaml': WHOLE,
        'setup.sh': `sudo apt-get install docker-compose -y
curl -L example.org/docker-compose -o /usr/local/bin/docker-compose
chmod +x /usr/local/bin/docker-compose
`,
        'run.sh': 'sudo docker-compose "$@"\n',
      },
      ['dev observed: compose.yaml (run.sh)'],
    ],
    [
      'files beside a base file that are run without it, so that a whole one beside them is, too',
      {
        'compose.yaml': 'services: { db: { image: postgres }, web: { build: . } }',
        'compose.latest.yaml': 'services: { newest: { image: web } }',
        'compose.mysql.yaml': 'services: { mysql: { image: mysql } }',
        'compose.arm.yaml': 'services: { web: { image: arm } }',
        'compose.mail.yaml': 'services: { web: { labels: { a: b } } }',
        Makefile:
          'latest:\n\tdocker compose -f compose.latest.yaml up\nmysql:\n\tdocker compose -f compose.mysql.yaml up\n',
      },
      [
        'dev inferred: compose.yaml',
        'arm inferred: compose.arm.yaml, project repo-arm',
        'latest observed: compose.latest.yaml, project repo-latest (make latest)',
        'mail inferred: compose.yaml + compose.mail.yaml, project repo-mail',
        'mysql observed: compose.mysql.yaml, project repo-mysql (make mysql)',
      ],
    ],
    [
      'a base file over which each command lays the same file, so that it is no environment by itself',
      {
        ...base,
        'compose.ports.yaml': PART,
        Makefile:
          'up:\n\tdocker compose -f compose.yaml -f compose.ports.yaml up\n' +
          'dev:\n\tdocker compose -f compose.yaml -f compose.ports.yaml -f compose.dev.yaml up\n',
      },
      [
        'dev observed: compose.yaml + compose.ports.yaml + compose.dev.yaml (make dev)',
        'test inferred: compose.yaml + compose.test.yaml, project repo-test',
        'ports observed: compose.yaml + compose.ports.yaml, project repo-ports (make up)',
      ],
    ],
    [
      'the options of a shell script, each with what it asks for alone',
      {
        ...overlays,
        'compose.mail.yaml': PART,
        'compose.debug.yaml': PART,
        'up.sh': `FILES="-f compose.yaml"; DEV=false
while [ $# -gt 0 ]; do
  case $1 in
    --dev) DEV=true ;;
    --mail) MAIL=yes ;;
    --as) TARGET=$2; shift ;;
    *) exit 1 ;;
  esac
  shift
done
$DEV && FILES+=" -f compose.debug.yaml"
if [[ "\${DEV}" == true ]]; then FILES+=" -f compose.dev.yaml"
elif [ -n "$MAIL" ]; then FILES+=" -f compose.mail.yaml"
elif test "$TARGET" = ci; then FILES+=" -f compose.ci.yaml"
else FILES+=" -f compose.test.yaml"
fi
docker compose $FILES up
`,
      },
      [
        'dev observed: compose.yaml + compose.debug.yaml + compose.dev.yaml (up.sh: --dev)',
        'test observed: compose.yaml + compose.test.yaml, project repo-test (up.sh, up.sh: --as)',
        'ci observed: compose.yaml + compose.ci.yaml, project repo-ci (up.sh, up.sh: --as)',
        'prod inferred: compose.yaml, project repo-prod',
        'mail observed: compose.yaml + compose.mail.yaml, project repo-mail (up.sh: --mail)',
      ],
    ],
    [
      'a shell script whose defaults somebody may set otherwise',
      {
        'compose.yaml': WHOLE,
        'compose.mail.yaml': PART,
        'up.sh': `MAIL=\${MAIL:-no}; FILES="-f compose.yaml"
[ "$MAIL" != yes ] || FILES+=" -f compose.mail.yaml"
docker compose $FILES up
`,
      },
      [
        'dev observed: compose.yaml (up.sh)',
        'mail observed: compose.yaml + compose.mail.yaml, project repo-mail (up.sh)',
      ],
    ],
    [
      'workflows of GitHub and GitLab',
      {
        ...overlays,
        '.github/workflows/test.yml': `jobs:
  unit:
    env: { COMPOSE_PROFILES: mail }
    steps:
      - run: |
          docker compose -f compose.yaml -f compose.ci.yaml up -d
          docker compose -f compose.yaml -f compose.ci.yaml exec -T db go test ./...
      - run: docker compose -f compose.\${{ matrix.db }}.yaml up
`,
        '.gitlab-ci.yml': 'e2e:\n  script:\n    - docker compose -f compose.yaml -f compose.test.yaml up -d\n',
      },
      [
        'dev inferred: compose.yaml + compose.dev.yaml',
        'test observed: compose.yaml + compose.test.yaml, project repo-test (.gitlab-ci.yml: e2e)',
        'ci observed: compose.yaml + compose.ci.yaml, project repo-ci, profiles mail (test.yml: unit)',
        'prod inferred: compose.yaml, project repo-prod',
      ],
    ],
    [
      'a dev container, with the project that the Dev Containers extension gives it',
      {
        '.devcontainer/devcontainer.json':
          '{\n// beside the base\n"dockerComposeFile": ["../compose.yaml", "compose.extra.yaml"], }',
        '.devcontainer/compose.extra.yaml': PART,
        'compose.yaml': WHOLE,
        'app/.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yaml" }',
        'app/.devcontainer/compose.yaml': WHOLE,
      },
      [
        'dev inferred: compose.yaml',
        'devcontainer observed: compose.yaml + .devcontainer/compose.extra.yaml, project repo-devcontainer (devcontainer.json)',
        'app/devcontainer observed: app/.devcontainer/compose.yaml, project app_devcontainer (devcontainer.json)',
      ],
    ],
    [
      'tasks of VS Code',
      {
        ...base,
        '.vscode/tasks.json': `{ "tasks": [ // ours
          { "label": "unit", "type": "berth", "environment": "dev", "command": "docker compose -p not-ours up" },
          { "label": "up test", "type": "shell", "command": "docker", "args": ["compose", "-f", "\${workspaceFolder}/compose.yaml", "-f", "compose.test.yaml", "up"] },
        ] }`,
      },
      [
        'dev inferred: compose.yaml + compose.dev.yaml',
        'test observed: compose.yaml + compose.test.yaml, project repo-test (tasks.json: up test)',
        'prod inferred: compose.yaml, project repo-prod',
      ],
    ],
    [
      'blocks of a README, without what is printed; stronger origins go before',
      {
        ...base,
        'README.md':
          'Run it:\n\n```console\n$ git clone x && cd x\n$ sudo docker compose -f compose.yaml -f compose.test.yaml -p read up\ndocker compose -f compose.dev.yaml up\n```\n',
        Makefile: 'test:\n\tdocker compose -f compose.yaml -f compose.test.yaml -p made up\n',
      },
      [
        'dev inferred: compose.yaml + compose.dev.yaml',
        'test observed: compose.yaml + compose.test.yaml, project made (make test)',
        'test-read observed: compose.yaml + compose.test.yaml, project read (README.md)',
        'prod inferred: compose.yaml, project repo-prod',
      ],
    ],
    [
      'a context, an env file, a project directory, and files that are called anything',
      {
        'deploy/local.yml': WHOLE,
        'deploy/production.yml': WHOLE,
        'deploy/prod.env': '',
        Makefile: `local:
	docker compose -f deploy/local.yml --project-directory . up
deploy:
	docker --context build-server compose -f deploy/production.yml --env-file deploy/prod.env up -d
`,
      },
      [
        'local observed: deploy/local.yml (make local)',
        'deploy/production observed: deploy/production.yml, env deploy/prod.env, context build-server (make deploy)',
      ],
    ],
    [
      'the same files on another engine, which is not what one develops with, whichever comes first',
      {
        'compose.yaml': WHOLE,
        Makefile:
          'deploy:\n\tdocker --context prod compose up -d\nup:\n\tdocker compose up -d\nbuild-box:\n\tDOCKER_CONTEXT=box docker compose up\n',
      },
      [
        'dev observed: compose.yaml (make up)',
        'prod observed: compose.yaml, project repo-prod, context prod (make deploy)',
        'box observed: compose.yaml, project repo-box, context box (make build-box)',
      ],
    ],
    [
      'what is declared takes neither the engine of another one, nor what is said for another purpose',
      {
        'compose.yaml': WHOLE,
        '.env.test': '',
        'dev.env': '',
        'berth.yaml':
          'environments:\n  dev: { files: [compose.yaml] }\n  prod: { files: [compose.yaml], context: prod }\n',
        Makefile:
          'deploy:\n\tdocker --context prod compose up -d\nfar:\n\tdocker --context far compose up -d\ntest:\n\tdocker compose -p shop-t --env-file .env.test up\nup:\n\tdocker compose --env-file dev.env up\n',
      },
      [
        'dev declared: compose.yaml, env dev.env (berth.yaml, make up)',
        'test observed: compose.yaml, env .env.test, project shop-t (make test)',
        'prod declared: compose.yaml, project repo-prod, context prod (berth.yaml, make deploy)',
        'far observed: compose.yaml, project repo-far, context far (make far)',
      ],
    ],
    [
      'the .env that Compose reads of itself, named by some, which is the environment of those that do not',
      {
        'compose.yaml': WHOLE,
        'compose.test.yaml': PART,
        Makefile: 'dev:\n\tdocker compose --env-file .env up\nsh:\n\tdocker compose run db psql\n',
        'up.sh': 'docker compose --env-file .env --env-file more.env -f compose.yaml -f compose.test.yaml up\n',
      },
      [
        'dev observed: compose.yaml (make dev, make sh)',
        'test observed: compose.yaml + compose.test.yaml, env .env + more.env, project repo-test (up.sh)',
      ],
    ],
    [
      'variables of GitLab with others in them, and with those that only GitLab knows',
      {
        ...base,
        '.gitlab-ci.yml': `variables: { SHOP: boat, COMPOSE_PROJECT_NAME: "$SHOP-\${CI_JOB_NAME}", E2E: "\${SHOP}-e2e", LOOP: $LOOP }
other: { script: docker compose -f compose.yaml -f compose.dev.yaml up }
e2e: { script: docker compose -p $E2E -f compose.yaml -f compose.test.yaml up }
`,
      },
      [
        'dev observed: compose.yaml + compose.dev.yaml (.gitlab-ci.yml: other)',
        'test observed: compose.yaml + compose.test.yaml, project boat-e2e (.gitlab-ci.yml: e2e)',
        'prod inferred: compose.yaml, project repo-prod',
      ],
    ],
    [
      'an env file that the caller gives, of the environment whose other commands name theirs',
      {
        'compose.prod.yaml': WHOLE,
        'deploy.sh': 'docker compose --env-file ${1:-prod.env} -f compose.prod.yaml up -d\n',
        'restore.sh': 'ENV_FILE=$1\ndocker compose --env-file "$ENV_FILE" -f compose.prod.yaml up -d\n',
      },
      ['prod observed: compose.prod.yaml, env prod.env (deploy.sh, restore.sh)'],
    ],
    [
      'a project whose name only Compose can tell',
      {
        ...base,
        'test.env': 'COMPOSE_PROJECT_NAME=$CI_JOB-test\n',
        '.env': 'COMPOSE_PROJECT_NAME=${USER}-shop\n',
        Makefile: 'test:\n\tdocker compose --env-file test.env -f compose.yaml -f compose.test.yaml up\n',
      },
      [
        'dev inferred: compose.yaml + compose.dev.yaml',
        'test observed: compose.yaml + compose.test.yaml, env test.env (make test)',
        'prod inferred: compose.yaml, project repo-prod',
      ],
    ],
    [
      'one file with profiles called like environments',
      {
        'compose.yaml': WHOLE,
        Makefile: 'dev:\n\tdocker compose --profile dev up\nprod:\n\tdocker compose --profile prod up -d\n',
      },
      [
        'dev observed: compose.yaml, profiles dev (make dev)',
        'prod observed: compose.yaml, project repo-prod, profiles prod (make prod)',
      ],
    ],
    [
      'a profile for some services more makes no other environment',
      { 'compose.yaml': WHOLE, Makefile: 'up:\n\tdocker compose up\ntools:\n\tdocker compose --profile tools up\n' },
      ['dev observed: compose.yaml (make up, make tools)'],
    ],
    [
      'what only builds, and an overlay without its base, are none',
      {
        'compose.yaml': WHOLE,
        'compose.test.yaml': PART,
        Makefile: 'a:\n\tdocker compose -f compose.yaml build\nb:\n\tdocker compose -f compose.test.yaml up\n',
      },
      ['dev inferred: compose.yaml', 'test inferred: compose.yaml + compose.test.yaml, project repo-test'],
    ],
    [
      'an override file belongs to its base; without it the base is something else',
      {
        'docker-compose.yml': WHOLE,
        'docker-compose.override.yml': PART,
        Makefile: 'up:\n\tdocker compose up\nrelease-prod:\n\tdocker compose -f docker-compose.yml up -d\n',
      },
      [
        'dev observed: docker-compose.yml + docker-compose.override.yml (make up)',
        'prod observed: docker-compose.yml, project repo-prod (make release-prod)',
      ],
    ],
    [
      'variants that are alternatives, and files that others take in',
      {
        'docker-compose.postgres.yml': WHOLE,
        'docker-compose.sqlite.yml': WHOLE,
        'docker-compose.common.yml': WHOLE,
        'docker-compose.mysql.yml': 'services: { db: { extends: { file: docker-compose.common.yml, service: db } } }',
      },
      [
        'mysql inferred: docker-compose.mysql.yml, project repo-mysql',
        'postgres inferred: docker-compose.postgres.yml, project repo-postgres',
        'sqlite inferred: docker-compose.sqlite.yml, project repo-sqlite',
      ],
    ],
    [
      'env files by their names, after the one that Compose reads by itself',
      { ...base, '.env': '', '.env.test': '', 'env/.env.dev': '', '.env.prod.example': '' },
      [
        'dev inferred: compose.yaml + compose.dev.yaml, env .env + env/.env.dev',
        'test inferred: compose.yaml + compose.test.yaml, env .env + .env.test, project repo-test',
        'prod inferred: compose.yaml, project repo-prod',
      ],
    ],
    [
      'overlays that are meant to be made the override file, with what is written for the machine where it is deployed',
      {
        'docker-compose.yml': WHOLE,
        'docker-compose.override.dev.yml': PART,
        'docker-compose.override.unit_tests.yml': PART,
        'docker-compose.prod.yml': PART,
        'scripts/restart.sh': `cd /opt/not-on-this-machine/repo
export COMPOSE_FILE="docker-compose.yml:docker-compose.prod.yml"
docker compose up -d
`,
      },
      [
        'dev inferred: docker-compose.yml + docker-compose.override.dev.yml',
        'unit_tests inferred: docker-compose.yml + docker-compose.override.unit_tests.yml, project repo-unit_tests',
        'prod observed: docker-compose.yml + docker-compose.prod.yml, project repo-prod (restart.sh)',
      ],
    ],
    [
      'a README in a folder, with comments in its blocks and paths written for Windows',
      {
        ...base,
        'docker/README.md': `~~~sh
# Start it
COMPOSE_FILE="compose.yaml;compose.dev.yaml" \\
  docker compose up -d

# Test it
docker compose -f compose.yaml -f compose.test.yaml up
~~~
`,
      },
      [
        'dev observed: compose.yaml + compose.dev.yaml (README.md)',
        'test observed: compose.yaml + compose.test.yaml, project repo-test (README.md)',
        'prod inferred: compose.yaml, project repo-prod',
      ],
    ],
    [
      'scripts and tasks with paths written for Windows',
      {
        ...base,
        'package.json': JSON.stringify({
          scripts: { test: 'docker compose -f .\\compose.yaml -f ".\\compose.test.yaml" up -d' },
        }),
        '.vscode/tasks.json': JSON.stringify({
          tasks: [
            {
              label: 'dev',
              command: 'docker',
              args: ['compose', '-f', '.\\compose.yaml', '--file=.\\compose.dev.yaml', 'up'],
            },
          ],
        }),
      },
      [
        'dev observed: compose.yaml + compose.dev.yaml (tasks.json: dev)',
        'test observed: compose.yaml + compose.test.yaml, project repo-test (npm run test)',
        'prod inferred: compose.yaml, project repo-prod',
      ],
    ],
    [
      'folders named after what they are for, and a base file there that is only laid over others',
      {
        'compose.yaml': WHOLE,
        'docker/production/compose.yaml': WHOLE,
        'docker/testing/compose.yaml': WHOLE,
        'ci/basic/compose.yaml': PART,
        'ci/whole/compose.yaml': WHOLE,
      },
      [
        'dev inferred: compose.yaml',
        'ci/whole/ci inferred: ci/whole/compose.yaml',
        'docker/production inferred: docker/production/compose.yaml',
        'docker/testing inferred: docker/testing/compose.yaml',
      ],
    ],
    [
      'commands whose program is a variable of the workflow or job',
      {
        ...overlays,
        '.github/workflows/a.yml':
          'env: { DC: docker compose -f compose.yaml -f compose.test.yaml }\njobs: { a: { steps: [{ run: "$DC up -d" }] } }\n',
        '.gitlab-ci.yml':
          'variables: { DC: docker-compose -f compose.yaml -f compose.ci.yaml }\nb: { script: ["$DC up -d"] }\n',
      },
      [
        'dev inferred: compose.yaml + compose.dev.yaml',
        'test observed: compose.yaml + compose.test.yaml, project repo-test (a.yml)',
        'ci observed: compose.yaml + compose.ci.yaml, project repo-ci (.gitlab-ci.yml: b)',
        'prod inferred: compose.yaml, project repo-prod',
      ],
    ],
    [
      'what only asks for Compose’s version, or installs it, is none',
      {
        'compose.yaml': WHOLE,
        'compose.dev.yaml': PART,
        'install.sh':
          'apt-get install -y docker-compose\nchmod +x /usr/local/bin/docker-compose\ndocker-compose --version\n',
        'README.md': '```sh\ndocker-compose -v\ndocker compose\n```\n',
        Makefile: 'dev:\n\tdocker compose -f compose.yaml -f compose.dev.yaml $(CMD)\n',
      },
      ['dev observed: compose.yaml + compose.dev.yaml (make dev)', 'prod inferred: compose.yaml, project repo-prod'],
    ],
    [
      'an overlay that needs the override file of its base',
      {
        'compose.yaml': WHOLE,
        'compose.override.yaml': 'services: { mail: { image: mail } }',
        'compose.test.yaml': PART,
        'compose.debug.yaml': 'services: { mail: { ports: ["1:1"] } }',
      },
      [
        'dev inferred: compose.yaml + compose.override.yaml',
        'test inferred: compose.yaml + compose.test.yaml, project repo-test',
        'debug inferred: compose.yaml + compose.override.yaml + compose.debug.yaml, project repo-debug',
      ],
    ],
  ];
  for (const [title, files, expected] of cases) {
    it(title, async () => assert.deepEqual(await described(files), expected));
  }

  it('remember the commands that run tests in them', async () => {
    const { environments } = await discovered({
      'compose.yaml': WHOLE,
      Makefile: `unit:
	docker compose exec -T -e A=b api pytest -q tests/unit
e2e:
	docker compose run --rm --no-deps web npm run test:e2e $(ARGS)
as-user:
	docker compose exec $(TTY) -Tu app:app -eA=b -w/app --env=C=d api pytest
other-ways:
	docker compose run -v ./x:/y api pytest
	docker compose run --entrypoint '' api pytest
	docker compose exec -d api pytest
	docker compose exec --user $$(id -u) api pytest
	docker compose exec -w $$(git rev-parse --show-prefix) api pytest
	docker compose exec --index 2 api pytest
shell:
	docker compose exec api sh
`,
    });
    assert.deepEqual(environments[0]?.knowledge?.commands, [
      { name: 'unit', kind: 'test', service: 'api', command: ['pytest', '-q', 'tests/unit'], env: { A: 'b' } },
      { name: 'e2e', kind: 'test', service: 'web', command: ['npm', 'run', 'test:e2e'], inNewContainer: true },
      {
        ...{ name: 'as-user', kind: 'test', service: 'api', command: ['pytest'] },
        ...{ user: 'app:app', directory: '/app', env: { A: 'b', C: 'd' } },
      },
    ]);
  });

  it('are for tests where nothing else is run in them, and their names say nothing', async () => {
    const { environments } = await discovered({
      ...base,
      'compose.next.yaml': PART,
      'compose.web.yaml': PART,
      'check.sh': `next='docker compose -f compose.yaml -f compose.next.yaml'
web='docker compose -f compose.yaml -f compose.web.yaml'
$next run --rm api ./test.sh -n "$@"
$next exec api pytest
$web up -d
$web exec api pytest
docker compose -f compose.yaml -f compose.dev.yaml run api ./scripts/run-tests.sh
`,
    });
    const purposes = environments.map(({ name, purpose }) => `${name}: ${purpose}`);
    assert.deepEqual(purposes, ['dev: development', 'next: test', 'test: test', 'prod: production', 'web: other']);
  });

  it('tell where their commands stand', async () => {
    const { environments, relative } = await discovered({
      'compose.yaml': WHOLE,
      'scripts/up.sh': '#!/bin/sh\n\nset -e\ndocker compose \\\n  up\n',
      Makefile: 'all:\n\techo\n\nup:\n\tdocker compose up\n',
    });
    const places = environments[0]?.knowledge?.evidence.map(({ place }) => `${relative(place.file)}:${place.line}`);
    assert.deepEqual(places, ['Makefile:5', 'scripts/up.sh:4']);
  });

  it('tell where their commands stand among others of the same text', async () => {
    const step = 'run: |\n          set -e\n          docker compose';
    const { environments, relative } = await discovered({
      'compose.yaml': WHOLE,
      '.github/workflows/a.yml': `jobs:\n  a:\n    steps:\n      - ${step} build\n      - ${step} up\n      - run: docker compose up\n`,
      '.gitlab-ci.yml': 'unittest:\n  script: [make]\ntest:\n  script: [docker compose up]\n',
      'Taskfile.yml': 'tasks:\n  setup: echo\n  up: docker compose up\n',
      'package.json': '{\n"keywords": ["up"],\n"scripts": {\n"up": "docker compose up"\n}\n}',
      '.vscode/tasks.json': '{\n// "up"\n"tasks": [\n{ "label": "up", "command": "docker compose up" } ] }',
    });
    const places = environments[0]?.knowledge?.evidence.map(({ place }) => `${relative(place.file)}:${place.line}`);
    assert.deepEqual(places?.sort(), [
      '.github/workflows/a.yml:9',
      '.gitlab-ci.yml:3',
      '.vscode/tasks.json:4',
      'Taskfile.yml:3',
      'package.json:4',
    ]);
  });

  it('are given the variables of the workflow, the job and the step that make containers', async () => {
    const { environments } = await discovered({
      'compose.yaml': WHOLE,
      '.github/workflows/a.yml': `env: { A: a }
jobs:
  e2e:
    env: { B: "\${{ secrets.B }}" }
    steps:
      - { run: docker compose up -d, env: { C: "\${{ secrets.C }}" } }
      - { run: docker compose exec web pytest, env: { D: d } }
`,
    });
    assert.deepEqual(
      environments.map(({ knowledge }) => knowledge?.givenVariables),
      [['A', 'B', 'C']],
    );
  });

  it('conflict where they would be one project, which is said of the one that gives way', async () => {
    const { environments } = await discovered({
      'compose/docker-compose.dev.yml': WHOLE,
      'compose/docker-compose.test.yml': WHOLE,
      Makefile:
        'dev:\n\tdocker compose -f compose/docker-compose.dev.yml up\ntest:\n\tdocker compose -f compose/docker-compose.test.yml up\n',
    });
    assert.deepEqual(
      environments.map(({ projectName, usualProject, knowledge }) => [
        projectName,
        usualProject,
        knowledge?.problems.map(({ message, place }) => `${message} ${place?.line}`),
      ]),
      [
        [undefined, 'compose', []],
        ['compose-test', 'compose', ['Its own commands put "test" into the project of "dev": compose. 4']],
      ],
    );
  });

  it('conflict where folders of the same name give them the same project, whoever tells them', async () => {
    const { environments } = await discovered({
      'shop/app/compose.yaml': WHOLE,
      'blog/app/compose.yaml': WHOLE,
      'berth.yaml':
        'environments:\n  a: { files: [a.yaml], project: same }\n  b: { files: [b.yaml], project: same }\n  c: { files: [a.yaml], project: same, context: far }\n',
      'a.yaml': WHOLE,
      'b.yaml': WHOLE,
    });
    assert.deepEqual(
      Object.fromEntries(
        environments.map(({ name, knowledge }) => [name, knowledge?.problems.map((one) => one.message)]),
      ),
      {
        a: ['"a" has the same project as "b": same.'],
        b: ['"b" has the same project as "a": same.'],
        c: [],
        'blog/app/dev': ['"blog/app/dev" has the same project as "shop/app/dev": app.'],
        'shop/app/dev': ['"shop/app/dev" has the same project as "blog/app/dev": app.'],
      },
    );
  });

  it('are told of services in their start-up that there are not, where the text shows all', async () => {
    const { environments } = await discovered({
      'compose.yaml': WHOLE,
      'more.yaml': 'include: [other.yaml]\nservices: { web: { image: web } }',
      'berth.yaml':
        'environments:\n  a: { files: [compose.yaml], startup: [[bd], [db]] }\n  b: { files: [compose.yaml, more.yaml], startup: [[bd]] }\n',
    });
    assert.deepEqual(
      environments.map(({ name, knowledge }) => [name, ...(knowledge?.problems ?? []).map(({ message }) => message)]),
      [['a', '"startup" of "a" names a service that it does not have: bd.'], ['b']],
    );
  });

  it('are told of a project directory that is not there', async () => {
    const { environments } = await discovered({
      'compose.yaml': WHOLE,
      Makefile: 'up:\n\tdocker compose -f made.yaml --project-directory build/out up\n',
      'made.yaml': WHOLE,
      'berth.yaml': 'environments:\n  a: { files: [compose.yaml], projectDirectory: nope }\n',
    });
    const told = environments.flatMap(({ name, knowledge }) =>
      (knowledge?.problems ?? []).map(
        ({ message, place }) => `${name}: ${message} ${path.basename(place?.file ?? '')}`,
      ),
    );
    assert.deepEqual(
      told.sort(),
      [
        'build/out/made: The project directory build/out is not there. Makefile',
        'a: The project directory nope is not there. berth.yaml',
      ].sort(),
    );
  });

  it('are said not to be known only where something would be run', async () => {
    const { problems } = await discovered({
      'compose.yaml': WHOLE,
      Makefile: 'logs:\n\tdocker compose -f $(shell pick) logs\nup:\n\tdocker compose -f $(shell pick) up\n',
    });
    assert.deepEqual(
      problems.map(({ place }) => place?.line),
      [4],
    );
  });

  it('on an engine that has no context are none of this one', async () => {
    const { environments, problems } = await discovered({
      'compose.yaml': WHOLE,
      Makefile:
        'deploy:\n\tDOCKER_HOST=ssh://me@far docker compose -p live up -d\nship:\n\tdocker -H tcp://further:2376 compose -p live up -d\nhere:\n\tDOCKER_HOST=unix:///run/docker.sock docker compose up\nthere:\n\tDOCKER_CONTEXT=near docker compose -p there up\n',
    });
    assert.deepEqual(
      environments.map(({ projectName, context }) => [projectName, context]),
      [
        [undefined, undefined],
        ['there', 'near'],
      ],
    );
    assert.deepEqual(
      problems.map(({ message }) => message),
      [
        'This command runs on another engine, of which it names no context: ssh://far.',
        'This command runs on another engine, of which it names no context: tcp://further:2376.',
      ],
    );
  });

  it('on the engine that a job of CI has beside it are of no other machine', async () => {
    const { environments, problems } = await discovered({
      'compose.yaml': WHOLE,
      '.gitlab-ci.yml':
        'variables: { DOCKER_HOST: "tcp://docker:2375" }\ne2e:\n  script: docker compose -p e2e up -d\nmore:\n  script: docker -H tcp://docker:2376 compose -p more up -d\nfar:\n  variables: { DOCKER_HOST: "tcp://docker.far:2376" }\n  script: docker compose -p far up -d\n',
    });
    assert.deepEqual(
      environments.map(({ projectName, context }) => [projectName, context]),
      [
        ['more', undefined],
        ['e2e', undefined],
      ],
    );
    assert.deepEqual(
      problems.map(({ message }) => message),
      ['This command runs on another engine, of which it names no context: tcp://docker.far:2376.'],
    );
  });

  it('on an engine that can’t be known are said, those on one that is left empty are found', async () => {
    const { environments, problems } = await discovered({
      'compose.yaml': WHOLE,
      Makefile:
        'deploy ship:\n\tDOCKER_HOST=$(X) docker compose -p live up -d\nhere:\n\tDOCKER_HOST= docker compose up\n',
    });
    assert.deepEqual(
      environments.map(({ projectName }) => projectName),
      [undefined],
    );
    assert.deepEqual(
      problems.map(({ message, place }) => `${place?.line} ${message}`),
      ["2 Which engine this command runs on can't be known without running something: DOCKER_HOST."],
    );
  });

  it('with options that only running something would tell are said, and none without them is shown', async () => {
    const { environments, problems, relative } = await discovered({
      ...base,
      Makefile: 'a:\n\tdocker compose $(shell ./files.sh) up -d\n',
      'run.sh':
        'docker compose $(./files.sh) up -d\nargs=$(./files.sh)\ndocker compose $args up -d\ndocker compose $(./files.sh) logs\n',
      '.github/workflows/ci.yml': `jobs: { e2e: { steps: [{ run: "docker compose \${{ matrix.args }} up -d" }] } }\n`,
    });
    assert.deepEqual(
      environments.map(({ origin }) => origin),
      ['inferred', 'inferred', 'inferred'],
    );
    assert.deepEqual(
      problems.map(({ message, place }) => `${relative(place?.file ?? '')}: ${message}`).sort(),
      ['.github/workflows/ci.yml', 'Makefile', 'run.sh'].map(
        (file) => `${file}: Which compose files this command uses can't be known without running something: $(…).`,
      ),
    );
  });

  it('with files that a reader names, that are at home, or that a script asks for, are no trouble', async () => {
    const { environments, problems } = await discovered({
      ...base,
      'README.md': '```sh\ndocker compose -f docker-compose.<env>.yml up\ndocker compose <options> -p $NAME up\n```\n',
      'run.sh': `docker compose -f ~/shop/compose.yaml up
if [ -f compose.override.yml ]; then docker compose -f compose.yaml -f compose.override.yml up; fi
if [[ -n "$X" && ! -f compose.none.yml ]]; then exit; fi
docker compose -f compose.none.yml up
docker compose -f compose.gone.yml up
`,
    });
    assert.deepEqual(
      environments.map(({ origin }) => origin),
      ['inferred', 'inferred', 'observed'],
    );
    assert.deepEqual(
      problems.map(({ message }) => message),
      ['This command names a compose file that is not there: compose.gone.yml.'],
    );
  });

  it('are not missed for what a dev container of a template leaves behind', async () => {
    const { problems, relative } = await discovered({
      '.devcontainer/docker-compose.yml': PART,
      'compose.yaml': WHOLE,
      'debug/compose.debug.yaml': PART,
    });
    assert.deepEqual(
      problems.map(({ code, place }) => `${code} ${relative(place?.file ?? '')}`),
      ['overlay-without-base debug/compose.debug.yaml'],
    );
  });

  it('are in the repository that a page has cloned before', async () => {
    const { environments, problems, relative } = await discovered({
      'backend/compose.prod.yaml': WHOLE,
      'ship/compose.yaml': WHOLE,
      'compose.yaml': WHOLE,
      'README.md': `\`\`\`sh
git clone --depth 1 https://example.com/fleet/ship.git
cd SHIP/backend
docker compose -f compose.prod.yaml up -d
\`\`\`
\`\`\`sh
git clone git@example.com:fleet/ship.git && cd ship
docker compose --profile all up -d
\`\`\`
\`\`\`sh
git clone https://example.com/ship harbour; cd harbour && docker compose --project-directory ship up
cd elsewhere && docker compose -f gone.yaml up
\`\`\`
`,
    });
    assert.deepEqual(
      environments.map(({ origin, files, profiles }) => [origin, ...files.map(relative), ...profiles]),
      [
        ['observed', 'compose.yaml', 'all'],
        ['observed', 'backend/compose.prod.yaml'],
        ['observed', 'ship/compose.yaml'],
      ],
    );
    assert.deepEqual(
      problems.map(({ message }) => message),
      ['This command names a compose file that is not there: gone.yaml.'],
    );
  });

  it('with one of several files that a script looks for are no trouble', async () => {
    const { environments, problems, relative } = await discovered({
      'dev/compose.ci.yaml': WHOLE,
      'dev/ci.sh': `if [ -f dev/compose.ci.yaml ]; then F=dev/compose.ci.yaml
elif [ -f compose.ci.yaml ] && [ "$(basename "$(pwd)")" = dev ]; then F=compose.ci.yaml
else exit 1; fi
docker compose -f $F run --rm check
if test -f a.yaml; then F=a.yaml; elif test -n "$B"; then F=b.yaml; fi
docker compose -f $F up
`,
    });
    assert.deepEqual(
      environments.map(({ origin, files }) => [origin, ...files.map(relative)]),
      [['observed', 'dev/compose.ci.yaml']],
    );
    assert.deepEqual(
      problems.map(({ message }) => message),
      ['This command names a compose file that is not there: b.yaml.'],
    );
  });

  it('conflict with none where only running something would tell their project', async () => {
    const { environments } = await discovered({
      'compose.yaml': WHOLE,
      'compose.instance.yaml': PART,
      'compose.test.yaml': PART,
      'up.sh':
        'docker compose up -d\ndocker compose -f compose.yaml -f compose.test.yaml -p "$P" up -d\ndocker compose -f compose.yaml -f compose.test.yaml up\n',
      'new.sh': `PROJECT=ship-$1
docker compose -p "$PROJECT" -f compose.yaml -f compose.instance.yaml up -d
COMPOSE_PROJECT_NAME=ship-$1 docker compose -f compose.yaml -f compose.instance.yaml run --rm web
`,
    });
    assert.deepEqual(
      environments.map(({ name, projectName, usualProject, knowledge }) => [
        name,
        projectName,
        usualProject,
        ...(knowledge?.problems ?? []).map(({ message }) => message),
      ]),
      [
        ['dev', undefined, 'repo'],
        ['test', 'repo-test', 'repo', 'Its own commands put "test" into the project of "dev": repo.'],
        ['instance', 'repo-instance', undefined],
      ],
    );
  });

  it('with a file that is there on Windows only are told so', async function () {
    if (path.sep === '\\') this.skip();
    const { problems } = await discovered({
      'compose.yaml': WHOLE,
      '.devcontainer/devcontainer.json': '{ "dockerComposeFile": ["..\\\\compose.yaml", "compose.yaml"] }',
      '.devcontainer/compose.yaml': PART,
      'up.sh': "docker compose -f 'other\\\\compose.yaml' up\n",
    });
    assert.deepEqual(
      problems.map(({ message, remedy }) => `${message} ${remedy}`),
      [
        'This command names a compose file that is not there: .devcontainer/..\\compose.yaml. Write its path with slashes: it is there on Windows only.',
        'This command names a compose file that is not there: other\\\\compose.yaml. Declare the environment in berth.yaml if it is to be shown.',
      ],
    );
  });

  it('with files that a page runs where the repository is not are no trouble', async () => {
    const { problems } = await discovered({
      'compose.yaml': WHOLE,
      'README.md': `\`\`\`sh
cd ~/ship
docker compose -f home.yaml up
cd /opt/ship
docker compose -f there.yaml up
\`\`\`
\`\`\`sh
docker compose -f here.yaml up
\`\`\`
`,
    });
    assert.deepEqual(
      problems.map(({ message }) => message),
      ['This command names a compose file that is not there: here.yaml.'],
    );
  });

  it('that make the env file which they give say so also of one that berth.yaml declares', async () => {
    const up = (before: string) => `up:\n${before}\tdocker compose --env-file .env up -d\n`;
    const declared = { 'compose.yaml': WHOLE, 'berth.yaml': 'environments:\n  dev: { files: [compose.yaml] }\n' };
    const told = async (before: string) => {
      const { environments } = await discovered({ ...declared, Makefile: up(before) });
      return environments.map(({ origin, knowledge }) => [
        origin,
        ...(knowledge?.problems ?? []).map(({ code }) => code),
      ]);
    };
    assert.deepEqual(await told(''), [['declared', 'missing-env-file']]);
    assert.deepEqual(await told('\tcp -n .env.example .env\n'), [['declared']]);
  });

  it('have the project that Compose makes of a name with capitals', async () => {
    const { environments } = await discovered({
      'compose.yaml': `name: Shop\n${WHOLE}`,
      'compose.test.yaml': `name: Shop-Test\n${PART}`,
    });
    assert.deepEqual(
      environments.map(({ usualProject }) => usualProject),
      ['shop', 'shop-test'],
    );
  });

  it('that are given an env file without a name have none', async () => {
    const { environments } = await discovered({
      'compose.yaml': WHOLE,
      'up.sh': 'env_file=""\ndocker compose --env-file "$env_file" up -d\n',
    });
    assert.deepEqual(
      environments.map(({ envFiles }) => envFiles),
      [[]],
    );
  });

  it('with files that are there from the folder of the script are no trouble, be others there from the root', async () => {
    const { problems } = await discovered({
      ...base,
      'deploy/own.yml': base['compose.yaml'],
      'deploy/run.sh':
        'docker compose -f own.yml up\ndocker compose -f gone.yml up\ndocker compose -f compose.yaml up\n',
    });
    assert.deepEqual(
      problems.map(({ message }) => message),
      ['This command names a compose file that is not there: gone.yml.'],
    );
  });

  it('with options and verbs that somebody may give are those without them', async () => {
    const files = {
      'compose.yaml': WHOLE,
      Makefile: 'a:\n\tdocker compose $(OPTIONS) up\n',
      'run.sh': 'docker compose $OPTIONS "$@" up -d\n',
      justfile: 'b *args:\n    docker compose {{args}}\n',
      'Taskfile.yml': 'tasks: { c: "docker compose {{.CLI_ARGS}}" }\n',
      'more.sh': `docker compose "\${1%.yml}" "\${@:2}"\n`,
    };
    const expected = ['dev observed: compose.yaml (make a, task c, just b, more.sh, run.sh)'];
    assert.deepEqual(await described(files), expected);
  });

  it('that leave open what those say that call them, are no problem', async () => {
    const { problems } = await discovered({
      ...base,
      Makefile: 'dev: F = dev\ndev: up\nup:\n\tdocker compose -f compose.yaml -f compose.$(F).yaml up\n',
    });
    assert.deepEqual(problems, []);
  });

  it('with folders of Windows filled in as a shell takes them', async () => {
    const file = { path: '/x/tasks.json', root: 'C:\\shop' };
    const task = `{ "tasks": [{ "command": "docker compose -f \${workspaceFolder}/compose.yaml up" }] }`;
    const [script] = (await readerOf('.vscode/tasks.json')?.({ ...file, text: task })) ?? [];
    const text = 'up:\n\tdocker compose -f $(CURDIR)/compose.yaml up\n';
    const [line] = await readMakefile('/x/Makefile', text, { folder: 'C:\\shop' });
    const expected = 'docker compose -f C:/shop/compose.yaml up';
    assert.deepEqual([script?.shell, line?.shell], [expected, expected]);
  });

  it('that can’t be known without running something are said, once, and nothing is run', async () => {
    const trace = path.join(temporaryFolder('trace'), 'ran');
    const { problems, relative } = await discovered({
      'compose.yaml': WHOLE,
      Makefile: `A = $(B)
B = $(A)
FILE := $(shell touch ${trace}; echo compose.yaml)
x:
	docker compose -f $(FILE) up
y:
	docker compose -f $(A) up
z:
	cat compose.yaml | docker compose -f - up
w:
	docker compose -f gone.yaml up
`,
      'run.sh': `FILES=$(touch ${trace})\ndocker compose -f "$FILES" up; docker compose -f \`touch ${trace}\` up`,
    });
    assert.equal(fs.existsSync(trace), false);
    removeFolder(path.dirname(trace));
    assert.deepEqual(
      problems.map(
        ({ message, place }) => `${relative(place?.file ?? '')}:${place?.line} ${message.replace(/^.*: |\.$/g, '')}`,
      ),
      ['Makefile:5 -f', 'Makefile:7 -f', 'Makefile:9 -f', 'Makefile:11 gone.yaml', 'run.sh:2 -f'],
    );
  });

  it('are not found where no search comes, when something is written there', async () => {
    const root = temporaryFolder('observe');
    const discovery = new Discovery(root, {});
    const names = async (...changed: string[]) =>
      (await discovery.discover(changed)).environments.map(({ definition }) => definition.name);
    try {
      fs.writeFileSync(path.join(root, 'compose.yaml'), WHOLE);
      await discovery.discover();
      for (const folder of ['node_modules/x', 'a/b/c/d']) {
        const file = path.join(root, folder, 'compose.yaml');
        fs.mkdirSync(path.dirname(file), { recursive: true });
        fs.writeFileSync(file, WHOLE);
        assert.equal(discovery.concerns(file), false);
        assert.deepEqual(await names(file), ['dev']);
      }
    } finally {
      removeFolder(root);
    }
  });

  it('are found beside files that nobody thought of', async () => {
    const targets = Array.from({ length: 3_000 }, (_, index) => `t${index}`).join(' ');
    const { environments } = await discovered({
      'compose.yaml': WHOLE,
      'compose.constructor.yaml': PART,
      'Taskfile.yml': 'tasks:\n  a: docker compose {{.constructor}} up\n',
      Makefile: `export\n${targets}:\n${'\techo x\n'.repeat(3_000)}\tdocker compose up\n`,
    });
    assert.deepEqual(
      environments.map(({ name, purpose }) => [name, purpose]),
      [
        ['dev', 'development'],
        ['constructor', 'other'],
      ],
    );
  });

  it('are found again after a change, reading only what changed', async () => {
    const root = temporaryFolder('observe');
    const write = (file: string, text: string) => fs.writeFileSync(path.join(root, file), text);
    const discovery = new Discovery(root, {});
    const names = async (...changed: string[]) => {
      const paths = changed.map((file) => path.join(root, file));
      const { environments } = await discovery.discover(changed.length > 0 ? paths : undefined);
      return environments.map(({ definition }) => `${definition.name} ${definition.origin}`);
    };
    try {
      write('compose.yaml', WHOLE);
      assert.deepEqual(await names(), ['dev inferred']);
      write('Makefile', 'include more.mk\n');
      write('more.mk', 'x:\n\tdocker compose -f compose.yaml -f compose.test.yaml up\n');
      assert.deepEqual(await names('Makefile'), ['dev inferred']);
      write('compose.test.yaml', PART);
      assert.deepEqual(await names('compose.test.yaml'), ['dev inferred', 'test observed']);
      write('more.mk', '');
      assert.ok(discovery.concerns(path.join(root, 'more.mk')));
      assert.deepEqual(await names('more.mk'), ['dev inferred', 'test inferred']);
      write('Makefile', 'x:\n\tdocker compose -f compose.yaml $(foreach f,$(wildcard my.*.yml),-f $(f)) up\n');
      assert.deepEqual(await names('Makefile'), ['dev observed', 'test inferred']);
      write('my.ci.yml', WHOLE);
      assert.ok(discovery.concerns(path.join(root, 'my.ci.yml')), 'what a makefile looks for by a pattern');
      assert.deepEqual(await names('my.ci.yml'), ['dev inferred', 'test inferred', 'ci observed']);
      fs.rmSync(path.join(root, 'my.ci.yml'));
      write('Makefile', '');
      assert.deepEqual(await names('Makefile', 'my.ci.yml'), ['dev inferred', 'test inferred']);
      assert.deepEqual(await discovery.changed(), []);
      fs.rmSync(path.join(root, 'compose.test.yaml'));
      assert.ok((await discovery.changed()).includes(path.join(root, 'compose.test.yaml')));
      assert.deepEqual(await names('compose.test.yaml'), ['dev inferred']);
    } finally {
      removeFolder(root);
    }
  });

  it('of a folder that changed are found without reading again what is there still', async () => {
    const root = temporaryFolder('observe');
    const file = (name: string) => path.join(root, name);
    const discovery = new Discovery(root, {});
    try {
      fs.writeFileSync(file('compose.yaml'), WHOLE);
      fs.mkdirSync(file('old'));
      fs.writeFileSync(file('old/compose.yaml'), WHOLE);
      const then = new Date('2026-01-01');
      fs.utimesSync(file('compose.yaml'), then, then);
      await discovery.discover();
      fs.writeFileSync(file('compose.yaml'), 'services: { unseen: { image: postgres } }');
      fs.utimesSync(file('compose.yaml'), then, then);
      fs.mkdirSync(file('new'));
      fs.writeFileSync(file('new/compose.yaml'), WHOLE);
      fs.rmSync(file('old'), { recursive: true });
      const changed = await discovery.changed();
      assert.ok(changed.includes(root));
      const { environments } = await discovery.discover(changed);
      assert.deepEqual(
        environments.map(({ definition, servicesInText }) => `${definition.name} ${servicesInText}`),
        ['dev db', 'new/dev db'],
      );
    } finally {
      removeFolder(root);
    }
  });
});

describe('environments that one list of commands brings up', () => {
  const files = { 'api/compose.yaml': WHOLE, 'web/compose.yaml': WHOLE };
  const [api, web] = ['docker compose -f api/compose.yaml', 'docker compose -f web/compose.yaml'];
  /** Whether both are told to be up at one time. */
  async function areTogether(more: Files): Promise<boolean> {
    const { environments } = await discovered({ ...files, ...more });
    const [one, other] = environments.map(({ knowledge }) => knowledge?.upTogether ?? []);
    return one?.some((moment) => other?.includes(moment)) ?? false;
  }
  const target = (...lines: readonly string[]) => ({ Makefile: `up:\n${lines.map((line) => `\t${line}\n`).join('')}` });
  const script = (text: string) => ({ 'run.sh': `#!/bin/sh\n${text}\n` });

  const cases: readonly [title: string, more: Files, expected: boolean][] = [
    ['a target', target(`${api} up -d`, `${web} up -d`), true],
    [
      'a target that has them stopped before',
      target(`${api} down`, `${web} down`, `${api} up -d`, `${web} up -d`),
      true,
    ],
    ['a target that stops both when it is done', target(`${api} up -d`, `${web} up -d`, `${api} down`), true],
    ['a target, the last of which keeps the terminal', target(`${api} up -d`, `${web} up`), true],
    ['a target that stops one in between', target(`${api} up -d`, `${api} stop`, `${web} up -d`), false],
    ['a target that has all stopped in between', target(`${api} up -d`, '$(MAKE) down', `${web} up -d`), false],
    ['a target that removes a container in between', target(`${api} up -d`, 'docker rm -f api', `${web} up -d`), false],
    ['a target, the first of which keeps the terminal', target(`${api} up`, `${web} up -d`), false],
    ['a target that brings up some services only', target(`${api} up -d db`, `${web} up -d`), false],
    ['two targets', { Makefile: `api:\n\t${api} up -d\nweb:\n\t${web} up -d\n` }, false],
    [
      'a target with a choice that nobody can tell',
      { Makefile: `up:\nifeq ($(shell uname),Darwin)\n\t${api} up -d\nelse\n\t${web} up -d\nendif\n` },
      false,
    ],
    ['a script', script(`set -e\n${api} up -d && ${web} up -d || exit 1`), true],
    ['a script with a loop', script('for one in api web; do\n  docker compose -f $one/compose.yaml up -d\ndone'), true],
    ['a script with a function', script(`up() { docker compose -f "$1/compose.yaml" up -d; }\nup api\nup web`), true],
    ['a script with branches', script(`if [ "$1" = api ]; then ${api} up -d; else ${web} up -d; fi`), false],
    ['a script with one that only may be', script(`[ -n "$API" ] && ${api} up -d\n${web} up -d`), false],
    ['a script with what is done in its place', script(`${api} up -d || ${web} up -d`), false],
    [
      'a script with what is done in its place otherwise',
      script(`test -n "$A" && ${api} up -d || ${web} up -d`),
      false,
    ],
    ['a script with cases', script(`case "$1" in\n  api) ${api} up -d ;;\n  web) ${web} up -d ;;\nesac`), false],
    [
      'a script with functions for whoever calls them',
      script(`api() { ${api} up -d; }\nweb() { ${web} up -d; }\n"$@"`),
      false,
    ],
    [
      'a script that is told the file',
      script('FILE=api/compose.yaml\n[ "$1" = web ] && FILE=web/compose.yaml\ndocker compose -f $FILE up -d'),
      false,
    ],
    ['a script of npm', { 'package.json': JSON.stringify({ scripts: { up: `${api} up -d && ${web} up -d` } }) }, true],
    ['a text to read', { 'README.md': `\`\`\`sh\n${api} up -d\n${web} up -d\n\`\`\`\n` }, false],
  ];
  for (const [title, more, expected] of cases) {
    it(`are ${expected ? '' : 'not '}up at one time: ${title}`, async () => {
      assert.equal(await areTogether(more), expected);
    });
  }
});

describe('what is wrong in somebody’s command', () => {
  it('is shown at its whole line, without what is blank around it', async () => {
    const up = 'docker compose -f none.yaml up -d';
    const { problems } = await discovered({
      'compose.yaml': WHOLE,
      Makefile: `up:\r\n\t@${up} \r\n`,
      'package.json': `{\n  "scripts": {\n    "up": "docker compose -f $(./which) up"\n  }\n}\n`,
    });
    assert.deepEqual(
      problems.map(({ place: { file = '', ...range } = {} }) => [path.basename(file), range]),
      [
        ['Makefile', { line: 2, column: 2, endLine: 2, endColumn: 3 + up.length }],
        ['package.json', { line: 3, column: 5, endLine: 3, endColumn: 44 }],
      ],
    );
  });
});
