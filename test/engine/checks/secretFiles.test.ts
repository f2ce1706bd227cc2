import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { CheckedFolder, describeCase } from '../support/checkCases';

/** Put together, so that no scanner takes this file for a leak. */
const RANDOM = ['q8ZfT2vX', 'w7Lk3Pn9', 'Rb5Yd1Hs'].join('');
const TOKEN = `ghp_${['a1B2c3D4e5F6', 'g7H8i9J0k1L2', 'm3N4o5P6q7R8'].join('')}`;
const HEX_KEY = ['d13e60724269fb0a', 'eaeccf241a81b143', '87480f2e8b42f366', '9f10ac3bc2581396'].join('');
const KEY = ['-----BEGIN PRIVATE', ' KEY-----\nMIIE\n-----END PRIVATE', ' KEY-----\n'].join('');
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----\n';

const compose = (rest = '') => `services:\n  web:\n    image: busybox:1.36\n${rest}`;
const given = (file: string) => compose(`    env_file: ${file}\n`);

describeCase({
  about: 'an env file that the next commit would take',
  code: 'secret-file-not-ignored',
  tracked: ['.gitignore'],
  has: { 'compose.yaml': compose(), '.gitignore': '# ours\r\nnode_modules', '.env': `A=1\nAPP_SECRET='${RANDOM}'\n` },
  found: ['warning secret-file-not-ignored .env:2 (dev)'],
  nearly: [
    { 'compose.yaml': compose(), '.env': `APP_SECRET=${RANDOM}\n`, '.gitignore': '.env*\n' },
    {
      'compose.yaml': compose(),
      '.env': 'PORT=8080\nTAG=1.2\nDB_USER=app\nDB_PASSWORD=app\nAPI_KEY=change-me\nTOKEN=\n',
    },
    { 'compose.yaml': given('.env.example'), '.env.example': `APP_SECRET=${RANDOM}\n` },
  ],
  fixed: { '.gitignore': '# ours\r\nnode_modules\r\n/.env\r\n' },
});

describeCase({
  about: 'of a service, in a folder of its own',
  code: 'secret-file-not-ignored',
  tracked: [],
  has: {
    'compose.yaml': given('"conf/[web] #1.env"'),
    'conf/[web] #1.env': 'URL=https://me:green-apples@example.com\n',
    'conf/.gitignore': '*.log\n',
  },
  found: ['info secret-file-not-ignored conf/[web] #1.env:1 (dev)'],
  fixed: { 'conf/.gitignore': '*.log\n/\\[web\\] #1.env\n' },
});

describeCase({
  about: 'a key in a folder that is mounted, where there is no .gitignore yet',
  code: 'secret-file-not-ignored',
  tracked: [],
  has: {
    'compose.yaml': compose('    volumes: ["./certs:/certs:ro"]\n'),
    'certs/key.pem': KEY,
    'certs/cert.pem': CERTIFICATE,
  },
  found: ['warning secret-file-not-ignored certs/key.pem: (dev)'],
  nearly: [
    {
      'compose.yaml': compose('    volumes: ["./certs:/certs:ro", "./data:/data"]\n'),
      'certs/key.pem': CERTIFICATE,
      'data/key.pem': KEY,
    },
  ],
  fixed: { '.gitignore': '/certs/key.pem\n' },
});

describeCase({
  about: 'an env file',
  code: 'secret-file-tracked',
  tracked: ['.env', '.gitignore'],
  has: { 'compose.yaml': compose(), '.env': `GITHUB_TOKEN=${TOKEN}\n`, '.gitignore': '' },
  found: ['error secret-file-tracked .env:1 (dev)'],
});

describeCase({
  about: 'an env file with what a program has made',
  code: 'secret-file-tracked',
  tracked: ['.env.dev'],
  has: { 'compose.dev.yaml': compose(), '.env.dev': `APP_SECRET=${RANDOM}\n` },
  found: ['warning secret-file-tracked .env.dev:1 (dev)'],
});

const RECIPE = `###> symfony/framework-bundle ###\nAPP_SECRET=${RANDOM}\n###< symfony/framework-bundle ###\n`;

describeCase({
  about: 'a key of 32 bytes under any name, and no key that is a name',
  code: 'secret-file-tracked',
  tracked: ['.env.prod'],
  has: {
    'compose.prod.yaml': compose(),
    '.env.prod': `DEFAULT_CHILD_APP_KEY=vault\nAPP_SECRETBOX_KEY="${HEX_KEY}"\n`,
  },
  found: ['warning secret-file-tracked .env.prod:2 (prod)'],
});

describeCase({
  about: 'an env file that a recipe of Symfony has written',
  code: 'secret-file-tracked',
  tracked: ['.env', '.env.dev', '.env.prod'],
  has: {
    'compose.yaml': compose(),
    '.env': RECIPE,
    '.env.dev': `${RECIPE}OTHER_SECRET=${[...RANDOM].reverse().join('')}\n`,
    '.env.prod': RECIPE,
  },
  found: [
    'warning secret-file-tracked .env.dev:2 (dev)',
    'warning secret-file-tracked .env.prod:2 (dev)',
    'info secret-file-tracked .env:2 (dev)',
  ],
});

describeCase({
  about: 'a key that is a secret of the project in production',
  code: 'secret-file-tracked',
  tracked: ['server.key'],
  has: {
    'compose.prod.yaml': `${compose('    secrets: [key]\n')}secrets:\n  key: { file: ./server.key }\n`,
    'server.key': KEY,
  },
  found: ['error secret-file-tracked server.key: (prod)'],
});

describeCase({
  about: 'keys that are mounted, while Compose refuses the files for something else',
  code: 'secret-file-tracked',
  tracked: ['tls/shop.key', 'certs/key.pem', 'other/other.key'],
  has: {
    'compose.yaml': compose(
      '    env_file: app.env\n    volumes:\n      - "./tls/shop.key:/shop.key:ro"\n      - { type: bind, source: ./certs, target: /certs }\n      - "${OTHER:-./other/other.key}:/other.key"\n',
    ),
    'tls/shop.key': KEY,
    'certs/key.pem': KEY,
    'other/other.key': KEY,
  },
  found: ['warning secret-file-tracked certs/key.pem: (dev)', 'warning secret-file-tracked tls/shop.key: (dev)'],
});

describeCase({
  about: 'the env file of an include, by any name, and those beside the compose file, going by what their names say',
  code: 'secret-file-tracked',
  tracked: ['infra/db.env', 'infra/variables', 'web/.env', '.env.production', '.env.local', '.env.test'],
  has: {
    'compose.yaml': `include:
  - { path: infra/compose.yaml, env_file: [infra/db.env, infra/variables] }
  - web/compose.yaml
${compose()}`,
    'infra/compose.yaml':
      'services:\n  db:\n    image: busybox:1.36\n    environment: { A: "${POSTGRES_PASSWORD}", B: "${OTHER_SECRET}" }\n',
    'infra/db.env': `# ours\nPOSTGRES_PASSWORD=${RANDOM}\n`,
    'infra/variables': `OTHER_SECRET=${RANDOM}\n`,
    'web/compose.yaml': 'services:\n  proxy:\n    image: busybox:1.36\n    environment: { A: "${WEB_SECRET}" }\n',
    'web/.env': `WEB_SECRET=${RANDOM}\n`,
    '.env.production': `PORT=80\nDB_PASSWORD=green-apples\n`,
    '.env.local': `SECRET_KEY=${RANDOM}\n`,
    '.env.test': `SECRET_KEY=${RANDOM}\n`,
  },
  found: [
    'warning secret-file-tracked .env.local:1 (dev)',
    'warning secret-file-tracked .env.production:2 (dev)',
    'warning secret-file-tracked infra/db.env:2 (dev)',
    'warning secret-file-tracked infra/variables:1 (dev)',
    'warning secret-file-tracked web/.env:1 (dev)',
    'info secret-file-tracked .env.test:1 (dev)',
  ],
});

describeCase({
  about: 'a file that is a secret of the project',
  code: 'secret-file-tracked',
  tracked: ['secrets/db_password.txt'],
  has: {
    'compose.yaml': `${compose('    secrets: [db]\n')}secrets:\n  db: { file: ./secrets/db_password.txt }\n`,
    'secrets/db_password.txt': `${RANDOM}\n`,
  },
  found: ['warning secret-file-tracked secrets/db_password.txt: (dev)'],
});

describeCase({
  about: 'a file that is a secret of the project, and an env file that only a program reads',
  code: 'secret-file-not-ignored',
  tracked: [],
  has: {
    'compose.yaml': `${compose('    secrets: [db]\n')}secrets:\n  db: { file: ./secrets/db_password.txt }\n`,
    'secrets/db_password.txt': `${RANDOM}\n`,
    '.env.production': `APP_SECRET=${RANDOM}\n`,
  },
  found: [
    'warning secret-file-not-ignored .env.production:1 (dev)',
    'warning secret-file-not-ignored secrets/db_password.txt: (dev)',
  ],
  nearly: [
    {
      'compose.yaml': `${compose('    secrets: [a, b, c]\n')}secrets:
  a: { file: ./secrets/a.txt }
  b: { file: ./secrets/b.txt }
  c: { file: ./secrets/c.txt }
`,
      'secrets/a.txt': CERTIFICATE,
      'secrets/b.txt': 'change-me\n',
      'secrets/db_password.txt.example': `${RANDOM}\n`,
      '.env.production': `VITE_API_KEY=${RANDOM}\nNEXT_PUBLIC_TOKEN=${TOKEN}\nPORT=80\n`,
      'web/.env.production': `APP_SECRET=${RANDOM}\n`,
    },
  ],
  fixed: { '.gitignore': '/.env.production\n/secrets/db_password.txt\n' },
});

describe('what is tracked and holds nothing to hide', () => {
  it('is left alone', async () => {
    const files = {
      'compose.yaml': compose('    volumes: ["./certs:/certs:ro"]\n    env_file: [web.env]\n'),
      '.env': 'PORT=8080\nDB_PASSWORD=green-apples\n',
      'web.env': 'URL=postgres://app:app@db/app\nSECRET_KEY=change-me\n',
      'certs/cert.pem': CERTIFICATE,
      'certs/server.key': CERTIFICATE,
    };
    const folder = new CheckedFolder(files, Object.keys(files));
    try {
      const { findings } = await folder.check();
      assert.deepEqual(folder.lines(findings.filter(({ code }) => code.startsWith('secret-file'))), []);
    } finally {
      folder.dispose();
    }
  });
});

describe('a file with secrets that is tracked', () => {
  it('is ignored by its fix, then to be taken out by hand, and then not found again', async () => {
    const folder = new CheckedFolder({ 'compose.yaml': compose(), '.env': `APP_SECRET=${RANDOM}\n` }, ['.env']);
    try {
      const messages = async () => {
        const { findings } = await folder.check();
        return findings.filter(({ code }) => code.startsWith('secret-file')).map(({ message }) => message);
      };
      assert.deepEqual(await messages(), ['Git has .env in the repository, with secrets: APP_SECRET.']);
      await folder.berth.fixing.mend(({ code }) => code === 'secret-file-tracked');
      assert.equal(folder.read('.gitignore'), '/.env\n');
      assert.deepEqual(await messages(), ['Git ignores .env, but has it in the repository, with secrets: APP_SECRET.']);
      execFileSync('git', ['rm', '--cached', '--quiet', '.env'], { cwd: folder.folder });
      assert.deepEqual(await messages(), []);
    } finally {
      folder.dispose();
    }
  });
});

const READ = compose('    environment: { A: "${APP_SECRET}", B: "${MAIL_FROM}" }\n');

describeCase({
  about: 'an env file that only programs read, of which there is an example',
  code: 'secret-file-tracked',
  tracked: ['backend/.env', 'backend/.env.example', 'config/worker.env', 'config/worker.env.sample'],
  has: {
    'deploy/compose.yaml': compose(),
    'backend/compose.yaml': compose().replace('web', 'api'),
    'backend/.env.example': 'PORT=80\nAPP_SECRET=\n',
    'backend/.env': `PORT=80\nAPP_SECRET=${RANDOM}\n`,
    'config/worker.env.sample': 'APP_SECRET=\n',
    'config/worker.env': `APP_SECRET=${RANDOM}\n`,
  },
  found: [
    'warning secret-file-tracked backend/.env:2 (backend/dev)',
    'warning secret-file-tracked config/worker.env:1 (backend/dev, deploy/dev)',
  ],
  nearly: [
    {
      'deploy/compose.yaml': compose(),
      'backend/.env.example': 'PORT=80\nAPP_SECRET=\n',
      'backend/.env': 'PORT=80\nAPP_SECRET=change-me\n',
    },
    { 'compose.yaml': compose(), 'backend/.env.example': `APP_SECRET=${RANDOM}\n` },
  ],
});

describeCase({
  about: 'an env file that was made for the compose files, and that Compose does not read',
  code: 'secret-file-not-ignored',
  tracked: [],
  has: { 'compose.yaml': READ, 'backend/.env': `MAIL_FROM=me\nAPP_SECRET=${RANDOM}\n` },
  found: ['warning secret-file-not-ignored backend/.env:2 (dev)'],
  nearly: [
    { 'compose.yaml': READ, 'backend/.env': 'MAIL_FROM=me\nAPP_SECRET=change-me\n' },
    { 'compose.yaml': READ, 'backend/.env': `MAIL_FROM=me\nAPP_SECRET=${RANDOM}\n`, '.gitignore': '.env\n' },
    // It is no env file of these compose files, as far as anybody can tell.
    { 'compose.yaml': compose(), 'backend/.env': `MAIL_FROM=me\nAPP_SECRET=${RANDOM}\n` },
  ],
});
