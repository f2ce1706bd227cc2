// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so are variables written in compose files.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { CheckedFolder, describeCase, type Files } from '../support/checkCases';

/** A value that no word list has; put together, so that no scanner takes this file for a leak. */
const RANDOM = ['q8ZfT2vX', 'w7Lk3Pn9', 'Rb5Yd1Hs'].join('');
/** The form of a token of GitHub, and none that was ever made. */
const TOKEN = `ghp_${['a1B2c3D4e5F6', 'g7H8i9J0k1L2', 'm3N4o5P6q7R8'].join('')}`;

describeCase({
  about: 'a password goes to the env file, from all places, and Compose says the same',
  code: 'secret-in-file',
  tracked: ['compose.yaml'],
  keepsConfiguration: true,
  has: {
    'compose.yaml': [
      'services:',
      '  db: # ours',
      '    image: postgres:16',
      '    environment:',
      '      POSTGRES_USER: app',
      '      POSTGRES_PASSWORD: "apples-n-pears" # of development',
      '  web:',
      '    image: busybox:1.36',
      '    command: [sh, -c, --requirepass apples-n-pears]',
      '    environment: { DATABASE_URL: postgres://app:apples-n-pears@db/app, OTHER: "1" }',
      '',
    ].join('\r\n'),
  },
  found: ['info secret-in-file compose.yaml:6 (dev)'],
  nearly: [
    {
      'compose.yaml': `services:
  db:
    image: postgres:16
    environment:
      POSTGRES_USER: app
      POSTGRES_PASSWORD: app
      POSTGRES_PASSWORD_FILE: /run/secrets/password
      KEYCLOAK_URL: https://login.example.com
      TOKEN_LIFETIME: "86400"
      ALLOW_EMPTY_PASSWORD: "yes"
      SECRET_KEY: change-me-before-use
      API_TOKEN: <your token>
      ADMIN_PASSWORD: \${ADMIN_PASSWORD}
      JWT_SECRET: \${JWT_SECRET:-secret}
      PUBLIC_KEY: ${RANDOM}
      CACHE_URL: redis://:password@cache:6379
`,
      '.env': 'ADMIN_PASSWORD=1\n',
    },
  ],
  fixed: {
    'compose.yaml': [
      'services:',
      '  db: # ours',
      '    image: postgres:16',
      '    environment:',
      '      POSTGRES_USER: app',
      '      POSTGRES_PASSWORD: "${POSTGRES_PASSWORD:?}" # of development',
      '  web:',
      '    image: busybox:1.36',
      '    command: [sh, -c, "--requirepass ${POSTGRES_PASSWORD:?}"]',
      '    environment: { DATABASE_URL: "postgres://app:${POSTGRES_PASSWORD:?}@db/app", OTHER: "1" }',
      '',
    ].join('\r\n'),
    '.env': 'POSTGRES_PASSWORD=apples-n-pears\n',
    '.gitignore': '/.env\n',
  },
});

describeCase({
  about: 'two services have another one under the same name; dollar signs and quotes stay what they are',
  code: 'secret-in-file',
  keepsConfiguration: true,
  has: {
    'compose.yaml': `services:
  a:
    image: busybox:1.36
    environment:
      - APP_SECRET=pears$$and"plums
      - FORWARDED
  b:
    image: busybox:1.36
    environment: &all
      APP_SECRET: "kumquats 'n limes #2"
  c:
    image: busybox:1.36
    environment:
      <<: *all
`,
    '.env': '# ours\r\nOTHER=1',
    '.env.example': 'OTHER=\n',
  },
  found: ['info secret-in-file compose.yaml:5 (dev)', 'info secret-in-file compose.yaml:10 (dev)'],
  fixed: {
    'compose.yaml': `services:
  a:
    image: busybox:1.36
    environment:
      - APP_SECRET=\${APP_SECRET:?}
      - FORWARDED
  b:
    image: busybox:1.36
    environment: &all
      APP_SECRET: "\${B_APP_SECRET:?}"
  c:
    image: busybox:1.36
    environment:
      <<: *all
`,
    '.env': `# ours\r\nOTHER=1\r\nAPP_SECRET='pears$and"plums'\r\nB_APP_SECRET="kumquats 'n limes #2"\r\n`,
    '.env.example': 'OTHER=\nAPP_SECRET=\nB_APP_SECRET=\n',
  },
});

describeCase({
  about: 'in another document of the file',
  code: 'secret-in-file',
  keepsConfiguration: true,
  has: {
    'compose.yaml': `services:
  web:
    image: busybox:1.36
---
services:
  web:
    environment:
      APP_SECRET: green-apples # of development
  db:
    image: busybox:1.36
`,
  },
  found: ['info secret-in-file compose.yaml:8 (dev)'],
  fixed: {
    'compose.yaml': `services:
  web:
    image: busybox:1.36
---
services:
  web:
    environment:
      APP_SECRET: \${APP_SECRET:?} # of development
  db:
    image: busybox:1.36
`,
    '.env': 'APP_SECRET=green-apples\n',
  },
});

describeCase({
  about: 'what only stands for one is told in production, and is a remark where it says itself that it is not real',
  code: 'secret-in-file',
  has: {
    'compose.prod.yaml':
      'services:\n  web:\n    image: busybox:1.36\n    environment:\n      CLIENT_SECRET: demo-secret-not-real\n      API_SECRET: change-me\n',
  },
  found: ['warning secret-in-file compose.prod.yaml:6 (prod)', 'info secret-in-file compose.prod.yaml:5 (prod)'],
});

const withPassword = (more: string) =>
  `services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_USER: shop\n      POSTGRES_PASSWORD: ${more}\n`;

describeCase({
  about: 'what only stands for one, in the file that production shares with development',
  code: 'secret-in-file',
  has: {
    'compose.yaml': withPassword('shop'),
    'compose.prod.yaml': 'services:\n  db:\n    restart: always\n',
  },
  found: ['warning secret-in-file compose.yaml:6 (dev, prod)'],
  nearly: [
    { 'compose.yaml': withPassword('shop') },
    { 'compose.yaml': withPassword('shop'), 'compose.test.yaml': 'services:\n  db:\n    restart: always\n' },
    {
      'compose.yaml': withPassword('shop'),
      'compose.prod.yaml': 'services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: ${DB_PASSWORD:?}\n',
      '.env': 'DB_PASSWORD=1\n',
    },
    {
      'compose.yaml': withPassword('${POSTGRES_PASSWORD:-shop}'),
      'compose.prod.yaml': 'services:\n  db:\n    restart: always\n',
    },
  ],
});

describeCase({
  about: 'the default of a variable is one',
  code: 'secret-in-file',
  keepsConfiguration: true,
  has: {
    'compose.yaml': `services:
  web:
    image: busybox:1.36
    environment:
      SESSION_SECRET: \${SESSION_SECRET:-${RANDOM}}
      AGAIN: x\${SESSION_SECRET:-${RANDOM}}
`,
  },
  found: ['info secret-in-file compose.yaml:5 (dev)'],
  nearly: [
    {
      'compose.yaml':
        'services:\n  web:\n    image: busybox:1.36\n    environment:\n      SESSION_SECRET: ${SESSION_SECRET:-development}\n',
    },
  ],
  fixed: {
    'compose.yaml': `services:
  web:
    image: busybox:1.36
    environment:
      SESSION_SECRET: \${SESSION_SECRET:?}
      AGAIN: x\${SESSION_SECRET:?}
`,
    '.env': `SESSION_SECRET=${RANDOM}\n`,
  },
});

describeCase({
  about: 'a part of a command or a connection string goes to the env file; one that can not go keeps no other',
  code: 'secret-in-file',
  keepsConfiguration: true,
  has: {
    'compose.yaml': [
      'services:',
      '  cache:',
      '    image: redis:7',
      '    command: >-',
      '      redis-server --save 60 1',
      '      --requirepass green-apples',
      "    healthcheck: { test: [CMD, redis-cli, '-a', green-apples, ping] }",
      '    labels:',
      '      - "traefik.http.middlewares.a.basicauth.users=admin:$$apr1$$x7Kq2Zt9$$Vb3Lm8Pw5Rc1Yd6Hs0QfNj"',
      '  web:',
      '    image: busybox:1.36',
      '    environment:',
      "      DB: 'Server=db;User Id=sa;Password=green-pears!;Encrypt=false'",
      '      MYSQL: app:green-plums@tcp(db:3306)/app',
      '      JAVA_OPTS: "-Xmx1g -Dmail.password=green-grapes"',
      '',
    ].join('\n'),
  },
  found: [
    'info secret-in-file compose.yaml:6 (dev)',
    'info secret-in-file compose.yaml:9 (dev)',
    'info secret-in-file compose.yaml:13 (dev)',
    'info secret-in-file compose.yaml:14 (dev)',
    'info secret-in-file compose.yaml:15 (dev)',
  ],
  fixed: {
    'compose.yaml': [
      'services:',
      '  cache:',
      '    image: redis:7',
      '    command: >-',
      '      redis-server --save 60 1',
      '      --requirepass ${CACHE_PASSWORD:?}',
      `    healthcheck: { test: [CMD, redis-cli, '-a', "\${CACHE_PASSWORD:?}", ping] }`,
      '    labels:',
      '      - "traefik.http.middlewares.a.basicauth.users=admin:${CACHE_PASSWORD_HASH:?}"',
      '  web:',
      '    image: busybox:1.36',
      '    environment:',
      "      DB: 'Server=db;User Id=sa;Password=${DB_PASSWORD:?};Encrypt=false'",
      '      MYSQL: app:${MYSQL_PASSWORD:?}@tcp(db:3306)/app',
      '      JAVA_OPTS: "-Xmx1g -Dmail.password=${MAIL_PASSWORD:?}"',
      '',
    ].join('\n'),
    '.env': [
      'CACHE_PASSWORD=green-apples',
      "CACHE_PASSWORD_HASH='$apr1$x7Kq2Zt9$Vb3Lm8Pw5Rc1Yd6Hs0QfNj'",
      "DB_PASSWORD='green-pears!'",
      'MYSQL_PASSWORD=green-plums',
      'MAIL_PASSWORD=green-grapes',
      '',
    ].join('\n'),
  },
});

const web = (environment: string) => `services:\n  web:\n    image: busybox:1.36\n    environment:\n${environment}`;

/** What a folder has of the code, and what is offered of each. */
async function foundIn(files: Files, tracked?: readonly string[]) {
  const folder = new CheckedFolder(files, tracked);
  try {
    const checked = await folder.check();
    const findings = checked.findings.filter(({ code }) => code === 'secret-in-file');
    const offered = await Promise.all(findings.map((one) => folder.berth.fixing.offered(one, checked)));
    const fixes = offered.map((own) => own.map(({ title }) => title));
    return { lines: folder.lines(findings), fixes, remedies: findings.map(({ remedy }) => remedy) };
  } finally {
    folder.dispose();
  }
}

describe('how much a secret in a compose file matters', () => {
  it('is what it looks like, and where', async () => {
    const { lines } = await foundIn({
      'compose.yaml': web(`      GITHUB_TOKEN: ${TOKEN}\n      A_SECRET: ${RANDOM}\n      B_PASSWORD: green-apples\n`),
      'compose.test.yaml': web(
        `      GITHUB_TOKEN: ${TOKEN}\n      A_SECRET: ${RANDOM}\n      B_PASSWORD: green-pears\n`,
      ),
      'compose.prod.yaml': web(
        `      A_SECRET: ${RANDOM}x\n      B_PASSWORD: green-grapes\n      C_PASSWORD: changeme\n`,
      ),
    });
    assert.deepEqual(lines, [
      'error secret-in-file compose.prod.yaml:5 (prod)',
      'error secret-in-file compose.yaml:5 (dev)',
      'warning secret-in-file compose.prod.yaml:6 (prod)',
      'warning secret-in-file compose.prod.yaml:7 (prod)',
      'warning secret-in-file compose.test.yaml:5 (test)',
      'warning secret-in-file compose.yaml:6 (dev)',
      'info secret-in-file compose.test.yaml:6 (test)',
      'info secret-in-file compose.test.yaml:7 (test)',
      'info secret-in-file compose.yaml:7 (dev)',
    ]);
  });
});

describe('a secret stays where moving it would not do', () => {
  const secret = web('      APP_SECRET: green-apples\n');

  it('git has the env file', async () => {
    const { fixes, remedies } = await foundIn({ 'compose.yaml': secret, '.env': 'A=1\n' }, ['.env']);
    assert.deepEqual(fixes, [[]]);
    assert.deepEqual(remedies, [
      'Move it to .env, and keep that out of the repository. Berth does not do it: git has .env.',
    ]);
  });

  it('git has the env file of another environment that has the compose file', async () => {
    const declared =
      'environments:\n  dev: { files: [compose.yaml] }\n  test: { files: [compose.yaml], envFiles: [.env.test] }\n';
    const files = { 'compose.yaml': secret, '.env.test': 'A=1\n', 'berth.yaml': declared };
    const { fixes, remedies } = await foundIn(files, ['.env.test']);
    assert.deepEqual(fixes, [[]]);
    assert.match(
      remedies[0] ?? '',
      /^Move it to \.env, .* Berth does not do it: "test" has this compose file, too, and would need it in \.env\.test, which git has\.$/,
    );
  });

  it('a service is given the env file', async () => {
    const given = 'services:\n  web:\n    image: busybox:1.36\n    env_file: .env\n    environment:\n';
    const { fixes } = await foundIn({ 'compose.yaml': `${given}      APP_SECRET: green-apples\n`, '.env': 'A=1\n' });
    assert.deepEqual(fixes, [[]]);
  });

  it('no env file could have it', async () => {
    const text = web(`      APP_SECRET: |-\n        green-apples\n        'n pears\n`);
    const { fixes, remedies } = await foundIn({ 'compose.yaml': `${text}      B_SECRET: green-plums\n` });
    assert.deepEqual(fixes, [[], ['Move it to .env as B_SECRET']]);
    assert.match(remedies[0] ?? '', /Berth does not do it: it is written with escapes, or in several lines\.$/);
  });

  it('YAML reads another number', async () => {
    const { fixes, remedies } = await foundIn({ 'compose.yaml': web('      USER_PIN: 0421\n') });
    assert.deepEqual(fixes, [[]]);
    assert.match(remedies[0] ?? '', /does not do it: YAML reads the number otherwise than it is written, so put it in/);
  });

  it('else it is offered', async () => {
    assert.deepEqual((await foundIn({ 'compose.yaml': secret })).fixes, [['Move it to .env as APP_SECRET']]);
  });
});

describe('a secret in a config', () => {
  it('is told by the name of that', async () => {
    const folder = new CheckedFolder({
      'compose.yaml': `${web('      A: 1\n')}configs:\n  bot: { content: "token = ${TOKEN}" }\n`,
    });
    try {
      const { findings } = await folder.check();
      const messages = findings.filter(({ code }) => code === 'secret-in-file').map(({ message }) => message);
      assert.deepEqual(messages, ['A secret of "bot" stands in clear text in compose.yaml.']);
    } finally {
      folder.dispose();
    }
  });
});

describe('secrets that are moved together', () => {
  it('are all moved but one that Compose would take from elsewhere', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `APP_${index}_SECRET`);
    const lines = names.map((name, index) => `      ${name}: green-apples-${index}\n`);
    const folder = new CheckedFolder({ 'compose.yaml': web(lines.join('')) });
    process.env.APP_0_SECRET = 'of-the-shell';
    try {
      await folder.check();
      const { mended } = await folder.berth.fixing.mend(({ code }) => code === 'secret-in-file', { isAnyFix: true });
      assert.equal(mended.length, 11);
      assert.match(folder.read('compose.yaml'), /APP_0_SECRET: green-apples-0/);
      assert.equal(folder.read('.env').split('\n').length, 12);
    } finally {
      delete process.env.APP_0_SECRET;
      folder.dispose();
    }
  }).timeout(60_000);
});

describe('the env file that a secret is moved to', () => {
  it('is one that only this user may read', async function () {
    if (process.platform === 'win32') this.skip();
    const folder = new CheckedFolder({ 'compose.yaml': web('      APP_SECRET: green-apples\n') });
    try {
      await folder.check();
      await folder.berth.fixing.mend(({ code }) => code === 'secret-in-file', { isAnyFix: true });
      assert.equal(folder.read('.env'), 'APP_SECRET=green-apples\n');
      assert.equal(fs.statSync(path.join(folder.folder, '.env')).mode & 0o777, 0o600);
    } finally {
      folder.dispose();
    }
  });
});

describe('values of secrets', () => {
  it('are in nothing that is told of them', async () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0\n-----END PRIVATE KEY-----\n';
    const values = ['green-apples', 'green-pears', 'plums-n-pears', RANDOM, TOKEN, 'MIIEvQIBADANBgkqhkiG9w0'];
    const folder = new CheckedFolder(
      {
        'compose.yaml': `services:
  web:
    image: busybox:1.36
    command: --token ${TOKEN}
    env_file: web.env
    volumes: [./certs/key.pem:/key.pem:ro]
    environment:
      APP_SECRET: ${RANDOM}
      APP_PASSWORD: green-apples
      OTHER_SECRET: \${OTHER_SECRET:-${RANDOM}}
      DATABASE_URL: postgres://app:green-pears@db/app
      UNSET: \${UNSET}
configs:
  token: { content: "token = ${TOKEN}" }
`,
        '.env': `EXTRA_TOKEN=${TOKEN}\nDB_PASSWORD=plums-n-pears\n`,
        '.env.example': `API_TOKEN=${TOKEN}\nSOME_PASSWORD=plums-n-pears\n`,
        'web.env': `WEB_SECRET=${RANDOM}\nURL=https://me:plums-n-pears@example.com\n`,
        'certs/key.pem': key,
      },
      ['.env'],
    );
    try {
      const { findings } = await folder.check();
      const codes = new Set(findings.map(({ code }) => code));
      for (const code of [
        'secret-in-file',
        'secret-file-tracked',
        'secret-file-not-ignored',
        'env-variable-missing',
        'env-variable-not-in-example',
        'unset-variable',
      ] as const) {
        assert.ok(codes.has(code), code);
      }
      const told = JSON.stringify(findings);
      for (const value of values) assert.ok(!told.includes(value), `one of ${values.length} is told`);
    } finally {
      folder.dispose();
    }
  });
});
