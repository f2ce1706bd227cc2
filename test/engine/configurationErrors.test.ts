// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so are variables written in compose files.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { UserError } from '../../src/core/common/errors';
import { resolveProject } from '../../src/core/compose/resolve';
import { Secrets } from '../../src/core/compose/secrets';
import { discoverEnvironments } from '../../src/core/discovery/discover';
import { removeFolder, temporaryFolder } from '../support/temporary';

interface Case {
  readonly title: string;
  /** Text by file name. The line that the error must be found on ends with `# HERE`. */
  readonly files: Readonly<Record<string, string>>;
  /** Where it must be found when no line can be marked: a file, without a line. */
  readonly file?: string;
  /** Where it must be found when the mark itself would be in the way: `file:line`. */
  readonly place?: string;
  /** The key or value that is shown there, on that line. */
  readonly part?: string;
  readonly message: RegExp;
  readonly remedy?: RegExp;
  /** The compose files of the environment; `compose.yaml` alone when left out. */
  readonly compose?: readonly string[];
}

/** A compose file with one service, `web`, and these lines more in it. */
const web = (...lines: string[]) => ['services:', '  web:', '    image: busybox', ...lines].join('\n');

const cases: readonly Case[] = [
  {
    title: 'YAML: an indentation that fits nothing',
    files: { 'compose.yaml': web('  - broken # HERE') },
    message: /^Invalid YAML: /,
    remedy: /Correct the file/,
  },
  {
    title: 'YAML: a tab',
    files: { 'compose.yaml': 'services:\n\tweb: # HERE\n' },
    message: /^Invalid YAML: .*[Tt]ab/,
  },
  {
    title: 'YAML: a key twice',
    files: { 'compose.yaml': web('    image: other # HERE') },
    part: 'image',
    message: /^Invalid YAML: .*unique/,
  },
  {
    title: 'YAML: an alias of nothing',
    files: { 'compose.yaml': 'services:\n  web: *base # HERE' },
    part: '*base',
    message: /base/,
  },
  {
    title: 'YAML: in the overlay',
    files: { 'compose.yaml': web(), 'compose.test.yaml': 'services:\n  web: { # HERE' },
    compose: ['compose.yaml', 'compose.test.yaml'],
    message: /^Invalid YAML: /,
  },
  {
    title: 'a conflict that git left',
    files: {
      'compose.yaml': 'services:\n  web:\n<<<<<<< HEAD # HERE\n    image: a\n=======\n    image: b\n>>>>>>> side\n',
    },
    part: '<<<<<<< HEAD',
    message: /^The file has a conflict that git left in it: <<<<<<< HEAD\.$/,
    remedy: /remove the lines with <<<<<<</,
  },
  {
    title: 'what looks like a conflict, in a text of several lines',
    files: { 'compose.yaml': web('    command: |', '      cat', '    <<<<<<< HEAD # HERE') },
    message: /Invalid YAML/,
  },
  { title: 'a list at the top', files: { 'compose.yaml': '- a # HERE' }, message: /seq|mapping/ },
  { title: 'an empty file', files: { 'compose.yaml': '' }, file: 'compose.yaml', message: /empty compose file/i },
  {
    title: 'one name for several containers, by "scale" and by "replicas"',
    files: {
      'compose.yaml': web('    container_name: shop', '    scale: 1'),
      'compose.test.yaml':
        'services:\n  web:\n    container_name: shop-web # HERE\n    scale: 3\n    deploy: { replicas: 3 }',
    },
    compose: ['compose.yaml', 'compose.test.yaml'],
    message: /container name must be unique/,
    remedy: /^Remove "container_name" from "web", or give it one container only\.$/,
  },
  {
    title: 'one name for several containers, of several services: all are told, in the order of the text',
    files: {
      'compose.yaml': web(
        '    container_name: shop # HERE',
        '    scale: 2',
        '  hub: { image: a, container_name: hub, scale: 1 }',
        '  firefox: { image: a, container_name: firefox, deploy: { replicas: 8 } }',
        '  edge: { image: a, scale: 4 }',
        '  chrome: { image: a, container_name: chrome, scale: 5 }',
      ),
    },
    message: /^Compose does not accept .*: "web", "firefox", "chrome"\.$/,
    remedy: /^Remove "container_name" from each, or give it one container only\.$/,
  },
  {
    title: 'a key with nothing below it, in the file that has it so',
    files: { 'compose.yaml': `${web()}\nvolumes: # HERE`, 'compose.test.yaml': `${web()}\nvolumes: { data: {} }` },
    compose: ['compose.yaml', 'compose.test.yaml'],
    message: /volumes must be a mapping/i,
    remedy: /^Write "volumes: \{\}", or remove the key/,
  },
  {
    title: 'a key with a list below it, in the file that has it so',
    files: {
      'compose.yaml': `${web()}\nvolumes: # HERE\n  - data`,
      'compose.test.yaml': `${web()}\nvolumes: { data: {} }`,
    },
    compose: ['compose.yaml', 'compose.test.yaml'],
    message: /volumes must be a mapping/i,
    remedy: /^Write what is in it as keys: name: …$/,
  },
  {
    title: 'a variable that must be set',
    files: { 'compose.yaml': web('    environment:', '      # ${NEEDED', `      A: \${NEEDED:?set it} # HERE`) },
    message: /NEEDED/,
    remedy: /Give NEEDED a value .*\.env/,
  },
  {
    title: 'a variable that must be set, in an overlay',
    files: { 'compose.yaml': web(), 'compose.test.yaml': web(`    hostname: \${NEEDED?} # HERE`) },
    compose: ['compose.yaml', 'compose.test.yaml'],
    message: /NEEDED/,
  },
  {
    title: 'a variable that is not closed',
    files: { 'compose.yaml': web('    command: echo ${BAD- # HERE') },
    message: /Invalid interpolation format/,
  },
  {
    title: 'a value that a variable makes wrong',
    files: { 'compose.yaml': web('    tty: maybe # HERE') },
    message: /invalid boolean/,
  },
  {
    title: 'an env file that is missing',
    files: { 'compose.yaml': web('    env_file: missing.env # HERE') },
    message: /missing\.env/,
    remedy: /Make the file missing\.env/,
  },
  {
    title: 'an env file that is missing, whose name another one begins with',
    files: { 'compose.yaml': web('    env_file:', '      - .env.web', '      - .env # HERE'), '.env.web': '' },
    message: /\.env/,
  },
  {
    title: 'an env file with a line that is none',
    files: { 'compose.yaml': web(), '.env': 'A=1\nB D=2 # HERE\n' },
    message: /key cannot contain a space/,
  },
  {
    title: 'a value of the wrong kind',
    files: { 'compose.yaml': web('    ports: 80 # HERE') },
    part: 'ports',
    message: /^services\.web\.ports must be a list/,
  },
  {
    title: 'a value of the wrong kind, of a service whose name has a dot',
    files: { 'compose.yaml': web('  web.api: { image: busybox:1.36 }', '  web.api.v2:', '    ports: 80 # HERE') },
    message: /^services\.web\.api\.v2\.ports must be a list/,
  },
  {
    title: 'a value of the wrong kind, deeper',
    files: { 'compose.yaml': web('    healthcheck:', '      test: "true"', '      interval: 5 # HERE') },
    message: /must be a string/,
  },
  {
    title: 'a duration that is none',
    files: { 'compose.yaml': web('    healthcheck:', '      interval: 5 apples # HERE') },
    message: /unknown unit/,
  },
  {
    title: 'an unknown key of a service',
    files: { 'compose.yaml': web('    imagee: x # HERE') },
    message: /imagee is not allowed/,
  },
  {
    title: 'an unknown key of a service, in an overlay',
    files: { 'compose.yaml': web(), 'compose.test.yaml': 'services:\n  web:\n    imagee: x # HERE' },
    compose: ['compose.yaml', 'compose.test.yaml'],
    message: /imagee is not allowed/,
  },
  {
    title: 'an unknown key at the top',
    files: { 'compose.yaml': `name: x\nservice: # HERE\n  web: {}\n` },
    message: /service is not allowed/,
  },
  {
    title: 'a service name with a space',
    files: { 'compose.yaml': `${web()}\n  "my web": # HERE\n    image: busybox` },
    message: /my web is not allowed/,
  },
  {
    title: 'an undefined network',
    files: { 'compose.yaml': web('    networks: [backend] # HERE') },
    part: 'networks',
    message: /undefined network backend/,
  },
  {
    title: 'an undefined volume',
    files: { 'compose.yaml': web('    volumes: ["data:/data"] # HERE') },
    message: /undefined volume data/,
  },
  {
    title: 'an undefined secret',
    files: { 'compose.yaml': web('    secrets: [key] # HERE') },
    message: /undefined secret key/,
  },
  {
    title: 'an undefined config',
    files: { 'compose.yaml': web('    configs: [conf] # HERE') },
    message: /undefined config conf/,
  },
  {
    title: 'an undefined dependency',
    files: { 'compose.yaml': web('    depends_on: [db] # HERE') },
    part: 'depends_on',
    message: /undefined service "db"/,
  },
  {
    title: 'services that depend on each other',
    files: {
      'compose.yaml':
        'services:\n  a:\n    image: x\n    depends_on: [b] # HERE\n  b:\n    image: x\n    depends_on: [a]',
    },
    message: /dependency cycle detected/i,
  },
  {
    title: 'neither image nor build',
    files: { 'compose.yaml': 'services:\n  web: # HERE\n    environment: { A: b }' },
    part: 'web',
    message: /neither an image nor a build/,
  },
  {
    title: 'keys that exclude each other',
    files: {
      'compose.yaml': 'services:\n  web: # HERE\n    image: x\n    network_mode: host\n    networks: [default]',
    },
    message: /mutually exclusive/,
  },
  {
    title: 'a port that is none',
    files: { 'compose.yaml': web('    ports:', '      - "8000:80"', '      - "99999999:80" # HERE') },
    part: '"99999999:80"',
    message: /hostPort: 99999999/,
  },
  {
    title: 'a volume that is none',
    files: { 'compose.yaml': web('    volumes:', '      - ":/x" # HERE') },
    message: /invalid spec/i,
  },
  {
    title: 'a size that is none',
    files: { 'compose.yaml': web('    mem_limit: lots # HERE') },
    message: /invalid size/,
  },
  {
    title: 'a secret without a source',
    files: { 'compose.yaml': `${web()}\nsecrets:\n  key: {} # HERE` },
    message: /file\|environment must be set/,
  },
  {
    title: 'an include that is missing',
    files: { 'compose.yaml': `include:\n  - other/store.yaml # HERE\n${web()}` },
    message: /store\.yaml/,
    remedy: /Make the file store\.yaml/,
  },
  {
    title: 'a file to extend from that is missing',
    files: { 'compose.yaml': 'services:\n  web:\n    extends:\n      file: base.yaml # HERE\n      service: web' },
    message: /base\.yaml/,
  },
  {
    title: 'a service to extend that is missing',
    files: { 'compose.yaml': 'services:\n  web:\n    extends: # HERE\n      service: base' },
    message: /"base" not found/,
  },
  {
    title: 'a wrong key in an included file',
    files: {
      'compose.yaml': `include: [store.yaml]\n${web()}`,
      'store.yaml': 'services:\n  db:\n    imagee: x # HERE',
    },
    message: /imagee is not allowed/,
  },
  {
    title: 'YAML, in an included file',
    files: { 'compose.yaml': `include: [store.yaml]\n${web()}`, 'store.yaml': 'services:\n  db: { # HERE' },
    message: /YAML/i,
  },
  {
    title: 'an env file with a name that is none: its value is not told',
    files: {
      'compose.yaml': web('    env_file: [one.env, two.env]'),
      'one.env': 'A=1',
      'two.env': 'A=1\n\nBAD!NAME=hunter2',
    },
    place: 'two.env:3',
    message: /^(?!.*hunter2).*unexpected character "!"/i,
  },
  {
    title: 'a template that is none: its text is not told',
    files: { 'compose.yaml': web('    environment:', '      PASSWORD: hunter2${ # HERE') },
    message: /^(?!.*hunter2).*PASSWORD/,
  },
  {
    title: 'an unknown key in another document',
    files: { 'compose.yaml': `${web()}\n---\nservices:\n  web:\n    imagee: x # HERE` },
    message: /imagee is not allowed/,
  },
  {
    title: 'YAML: in another document',
    files: { 'compose.yaml': `${web()}\n---\nservices:\n  web: { # HERE` },
    message: /^Invalid YAML: /,
  },
  {
    title: 'a compose file that is gone',
    files: { 'compose.yaml': web() },
    compose: ['compose.yaml', 'compose.test.yaml'],
    file: 'compose.test.yaml',
    message: /compose\.test\.yaml/,
  },
];

describe('what docker compose config complains of, with file and line', () => {
  for (const { title, files, file, place: expected, part, message, remedy, compose = ['compose.yaml'] } of cases) {
    it(title, async () => {
      const folder = temporaryFolder('config');
      try {
        for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text);
        const error = await complaintAbout(folder, compose);
        assert.equal(error.kind, 'configuration');
        assert.match(error.message, message);
        assert.ok(!error.message.includes(`${folder}${path.sep}compose.yaml`), 'the place tells the file');
        if (remedy) assert.match(error.details.remedy ?? '', remedy);
        const { place } = error.details;
        const actual = place && `${path.relative(folder, place.file)}:${place.line ?? ''}`;
        assert.equal(actual, expected ?? (file ? `${file}:` : markedLine(files)), error.message);
        if (part === undefined) return;
        const { line = 0, column = 0, endLine, endColumn } = place ?? {};
        const text = files[path.basename(place?.file ?? '')]?.split('\n')[line - 1];
        assert.deepEqual([text?.slice(column - 1, (endColumn ?? 0) - 1), endLine], [part, line]);
      } finally {
        removeFolder(folder);
      }
    });
  }
});

describe('values of secret variables in what docker compose config complains of', () => {
  const SECRET = 'hunter2-x';
  const secrets = new Secrets();

  async function complaint(text: string, variables: string): Promise<UserError> {
    const folder = temporaryFolder('config');
    try {
      fs.writeFileSync(path.join(folder, 'compose.yaml'), text);
      fs.writeFileSync(path.join(folder, '.env'), variables);
      return await complaintAbout(folder, ['compose.yaml'], secrets);
    } finally {
      removeFolder(folder);
    }
  }

  for (const line of [
    'ports: ["${DB_PASSWORD}:80"]',
    'mem_limit: ${DB_PASSWORD}',
    'shm_size: x${DB_PASSWORD}y',
    'volumes: ["${DB_PASSWORD}:/data"]',
    'env_file: files/${DB_PASSWORD}',
    'healthcheck: { interval: "${DB_PASSWORD}" }',
    'cpus: ${DB_PASSWORD}',
    'extends: { file: "${DB_PASSWORD}.yaml", service: web }',
    'depends_on: ["${DB_PASSWORD}"]',
    'privileged: ${DB_PASSWORD}',
  ]) {
    it(`are struck out: ${line}`, async () => {
      const { message, details } = await complaint(web(`    ${line}`), `DB_PASSWORD="${SECRET}" # of nobody\n`);
      assert.match(message, /\*\*\*/);
      assert.ok(!`${message}${details.remedy}`.includes(SECRET), message);
    });
  }

  it('are known from then on, whatever prints them', () => {
    assert.equal(secrets.mask(`it is ${SECRET}`), 'it is ***');
  });

  it('are struck out also where Compose quotes a part, and where the shell has them', async () => {
    process.env.SHELL_TOKEN = 'green-apples:green-pears';
    try {
      const { message } = await complaint(web('    ports: ["${SHELL_TOKEN}"]'), '');
      assert.match(message, /\*\*\*/);
      assert.doesNotMatch(message, /green/);
    } finally {
      delete process.env.SHELL_TOKEN;
    }
  });

  it('are left where they are no secrets', async () => {
    const text = 'services:\n  postgres:\n    image: postgres:16\n    mem_limit: ${SIZE}';
    const { message } = await complaint(text, 'SIZE=much\nPOSTGRES_PASSWORD=postgres\n');
    assert.match(message, /services\[postgres\]\.mem_limit': invalid size: 'much'/);
  });
});

async function complaintAbout(folder: string, compose: readonly string[], secrets?: Secrets): Promise<UserError> {
  const [found] = await discoverEnvironments(folder);
  assert.ok(found);
  const files = compose.map((file) => path.join(folder, file));
  try {
    await resolveProject({ ...found.definition, files }, { dependsOn: found.dependsOn, secrets });
  } catch (error) {
    return error as UserError;
  }
  return assert.fail('Compose accepts it');
}

/** `compose.yaml:3`, for the line that is marked. */
function markedLine(files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    const index = text.split('\n').findIndex((line) => line.includes('# HERE'));
    if (index >= 0) return `${name}:${index + 1}`;
  }
  throw new Error('No line is marked.');
}
