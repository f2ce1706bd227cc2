// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so are variables written in compose files.
import assert from 'node:assert/strict';
import { CheckedFolder, describeCase } from '../support/checkCases';

const service = (...lines: string[]) =>
  ['services:', '  db:', '    image: busybox:1.36', ...lines.map((one) => `    ${one}`), ''].join('\n');

describeCase({
  about: 'that is one of the container gets a second dollar sign',
  code: 'unset-variable',
  has: {
    'compose.yaml': service(
      "command: sh -c 'for i in 1 2; do echo $i; done' # $i",
      'environment:',
      '  POSTGRES_USER: app',
      '  POSTGRES_PASSWORD: "pa$word"',
      'labels:',
      '  - users=app:$apr1$$2x',
      'healthcheck: { test: [CMD-SHELL, "pg_isready -U ${POSTGRES_USER}"] }',
    ),
  },
  found: [
    'warning unset-variable compose.yaml:4 (dev)',
    'warning unset-variable compose.yaml:7 (dev)',
    'warning unset-variable compose.yaml:9 (dev)',
    'warning unset-variable compose.yaml:10 (dev)',
  ],
  fixed: {
    'compose.yaml': service(
      "command: sh -c 'for i in 1 2; do echo $$i; done' # $i",
      'environment:',
      '  POSTGRES_USER: app',
      '  POSTGRES_PASSWORD: "pa$$word"',
      'labels:',
      '  - users=app:$$apr1$$2x',
      'healthcheck: { test: [CMD-SHELL, "pg_isready -U $${POSTGRES_USER}"] }',
    ),
  },
});

describe('a dollar sign before what nobody sets', () => {
  /** The fixes that are offered, by variable: with a star, those that the command line does not write. */
  const offered = async (text: string) => {
    const folder = new CheckedFolder({ 'compose.yaml': text });
    try {
      const checked = await folder.check();
      const found = checked.findings.filter(({ code }) => code === 'unset-variable');
      const titles = async (one: (typeof found)[number]) =>
        (await folder.berth.fixing.offered(one, checked)).map((fix) =>
          fix.kind === 'edit' && fix.isChoice ? `*${fix.title}` : fix.title,
        );
      return await Promise.all(found.map(titles));
    } finally {
      folder.dispose();
    }
  };
  const inEnvFile = (name: string) => `*Add ${name}= to .env`;
  const empty = (name: string) => `*Let it be empty by default: \${${name}:-}`;
  const escaped = (written: string) => `Leave it to the container: ${written}`;

  it('may be meant for a command', async () => {
    assert.deepEqual(await offered(service('command: [serve, "$APP_HOST"]')), [
      [inEnvFile('APP_HOST'), empty('APP_HOST'), `*${escaped('$$APP_HOST')}`],
    ]);
    assert.deepEqual(await offered(service('entrypoint: echo $X', 'environment: [A=1]')), [
      [escaped('$$X'), inEnvFile('X'), empty('X')],
    ]);
  });

  it('is meant for Compose in a value that is nothing else, or that Compose uses itself', async () => {
    const ofAll = [inEnvFile('tag'), empty('tag')];
    for (const lines of [['A: $tag'], ['A: x-${tag}']]) {
      assert.deepEqual(await offered(service('environment:', ...lines.map((one) => `  ${one}`))), [ofAll]);
    }
    assert.deepEqual(await offered(service('environment: ["A=$tag"]')), [ofAll]);
    const named = service('command: echo $tag', 'container_name: a-$tag');
    assert.deepEqual(await offered(named), [[inEnvFile('tag')]]);
  });

  it('is not to leave an image or a mount with half a name', async () => {
    const text = service('volumes: ["${DIR}/x:/x"]').replace('1.36', '${TAG}');
    assert.deepEqual(await offered(text), [[inEnvFile('TAG')], [inEnvFile('DIR')]]);
  });
});
