// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so are variables written in compose files.
import assert from 'node:assert/strict';
import { writtenSecrets } from '../../../../src/core/checks/writtenSecrets';
import { ComposeSource } from '../../../../src/core/compose/composeSource';

/** Put together, so that no scanner takes this file for a leak. */
const RANDOM = ['q8ZfT2vX', 'w7Lk3Pn9', 'Rb5Yd1Hs'].join('');
const HEX = ['9f86d081884c7d65', '9a2feaa0c55ad015', 'a3bf4f1b2b0b822c', 'd15d6c15b0f00a08'].join('');
const token = (payload: object) =>
  ['eyJhbGciOiJIUzI1NiJ9', Buffer.from(JSON.stringify(payload)).toString('base64url'), `${RANDOM}${RANDOM}`].join('.');

/** The secrets of one service, with what they look like. @param lines below the service. */
async function secretsOf(...lines: readonly string[]): Promise<readonly string[]> {
  const text = `services:\n  web:\n${lines.map((line) => `    ${line}\n`).join('')}`;
  const [source] = await ComposeSource.read('/compose.yaml', text);
  return writtenSecrets(source).map(({ kind, form, name, value, range }) => {
    assert.equal(
      source.text
        .slice(range.start, range.end)
        .replaceAll('$$', () => '$')
        .includes(value),
      true,
    );
    return `${kind} ${form} ${name ?? '-'} ${value}`;
  });
}

async function variable(name: string, value: string): Promise<readonly string[]> {
  return secretsOf('environment:', `  ${name}: ${value}`);
}

describe('secrets that commands are given', () => {
  it('stand behind options, in texts and in lists', async () => {
    const found = 'plain option --requirepass green-apples';
    assert.deepEqual(await secretsOf('command: redis-server --requirepass green-apples --appendonly yes'), [found]);
    assert.deepEqual(await secretsOf('command: ["redis-server", "--requirepass", "green-apples"]'), [found]);
    assert.deepEqual(await secretsOf('command:', '  - --requirepass', '  - "green-apples"'), [found]);
    assert.deepEqual(await secretsOf('command: >', '  redis-server', '  --requirepass green-apples'), [found]);
    assert.deepEqual(await secretsOf('command: sh -c \'redis-server --requirepass "green-apples"\''), [found]);
    assert.deepEqual(await secretsOf('command: --masterauth green-apples'), ['plain option --masterauth green-apples']);
    assert.deepEqual(await secretsOf('entrypoint: [app, --admin-password=green-apples]'), [
      'plain option --admin-password green-apples',
    ]);
    assert.deepEqual(await secretsOf('command: java -Ddb.password=green-apples -jar app.jar'), [
      'plain option -Ddb.password green-apples',
    ]);
    assert.deepEqual(await variable('JAVA_OPTS', '-Xmx1g -Ddb.password=green-apples'), [
      'plain option -Ddb.password green-apples',
    ]);
  });

  it('go by the program, where its options do not say it', async () => {
    const test = (command: string) => secretsOf('healthcheck:', `  test: ${command}`);
    assert.deepEqual(await test('["CMD", "redis-cli", "-a", "green-apples", "ping"]'), [
      'plain option -a green-apples',
    ]);
    assert.deepEqual(await test('["CMD-SHELL", "/usr/bin/mysqladmin ping -uroot -pgreen-apples || exit 1"]'), [
      'plain option -p green-apples',
    ]);
    // Only meant as one: it is taken for a command.
    assert.deepEqual(await test('["CMD", "mysqladmin", "ping", "-U", "me", "-p", "green-apples"]'), [
      'plain option -p green-apples',
    ]);
    assert.deepEqual(await test('curl -fu elastic:green-apples http://localhost:9200'), [
      'plain option -fu green-apples',
    ]);
    assert.deepEqual(await test('curl -u elastic:green-apples http://localhost:9200'), [
      'plain option -u green-apples',
    ]);
    assert.deepEqual(await test('PGPASSWORD=green-apples psql -U app'), ['plain option PGPASSWORD green-apples']);
  });

  it('are none where a variable stands, nothing, or something else', async () => {
    for (const command of [
      '--requirepass ${REDIS_PASSWORD}',
      '--requirepass $$REDIS_PASSWORD',
      'redis-server --requirepass "$$(cat /run/secrets/password)"',
      'mysqladmin ping -p$$MYSQL_ROOT_PASSWORD',
      'mysql --password app',
      'mysql -p app_orders',
      'mysqladmin -u root -p ping',
      'mysqladmin -u root -p --silent ping',
      'mysqladmin -p extended-status',
      'psql --password app',
      'redis-server --save 60 1 -a something',
      'mkdir -p green/apples',
      'app --password --verbose',
      'app --password-file /run/secrets/password --token-ttl 15m',
      'app --password-file=/run/secrets/password --enable-password true',
      '--default-authentication-plugin=mysql_native_password',
      'python -c "connect(password=password, key=os.environ[KEY])"',
    ]) {
      assert.deepEqual(await secretsOf(`command: ${JSON.stringify(command)}`), [], command);
    }
    assert.deepEqual(await secretsOf('command: ["--requirepass"]'), []);
    assert.deepEqual(await secretsOf('command: [app, --password, "green apples"]'), []);
  });
});

describe('secrets in connection strings', () => {
  const found = ['plain address DB green-apples'];

  it('are those of ADO.NET, Go, libpq, and parameters of addresses', async () => {
    for (const text of [
      'Server=db;Database=app;User Id=sa;Password=green-apples;',
      '"Server=db; Uid=sa; Pwd=green-apples"',
      'app:green-apples@tcp(db:3306)/app?parseTime=true',
      'host=db user=app password=green-apples dbname=app',
      'jdbc:postgresql://db/app?user=app&password=green-apples&ssl=false',
      'jdbc:sqlserver://db;databaseName=app;user=sa;password=green-apples',
    ]) {
      assert.deepEqual(await variable('DB', text), found, text);
    }
  });

  it('are none where a variable stands, or what is for everybody', async () => {
    for (const text of [
      'Server=db;Password=${DB_PASSWORD};',
      '"${DB_USER}:${DB_PASSWORD}@tcp(db:3306)/app"',
      'DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq;',
      'password=green-apples-and-more-text',
      'https://example.com/?page=2&tokens=some',
    ]) {
      assert.deepEqual(await variable('DB', text), [], text);
    }
  });
});

describe('secrets that stand in several places', () => {
  const short = ['kR8vTq2L', 'mZx9WpYb4N'].join('');
  const address = `postgres://app:${short}@db/app`;

  it('are found in all of them, also where one has a name that nobody knows', async () => {
    for (const name of ['DB_PW', 'DB_ACCESS']) {
      const found = await secretsOf('environment:', `  ${name}: ${short}`, `  DATABASE_URL: ${address}`);
      assert.ok(found.includes(`random address DATABASE_URL ${short}`), name);
    }
    assert.deepEqual(await variable('DB_PW', short), [`random value DB_PW ${short}`]);
    const found = await secretsOf('environment:', `  A: \${DB_ACCESS:-${short}}`, `  DATABASE_URL: ${address}`);
    assert.deepEqual(found, [`random address DATABASE_URL ${short}`]);
  });

  it('are none where a name says that everybody may see it', async () => {
    for (const name of ['CLIENT_ID', 'APP_PUBLIC_KEY']) {
      const found = await secretsOf('environment:', `  ${name}: ${short}`, `  CLIENT_SECRET: ${short}`);
      assert.deepEqual(found, [`placeholder value CLIENT_SECRET ${short}`], name);
    }
    const found = await secretsOf('environment:', '  DB_USER: green-apples', '  DB_PASSWORD: green-apples');
    assert.deepEqual(found, ['placeholder value DB_PASSWORD green-apples']);
  });

  it('may be the default of a variable that goes to one with another name', async () => {
    for (const [name, given] of [
      ['POSTGRES_PASSWORD', 'POSTGRES_PW'],
      ['POSTGRES_PASSWORD', 'DB_ACCESS'],
    ] as const) {
      assert.deepEqual(await variable(name, `\${${given}:-${short}}`), [`random default ${given} ${short}`]);
    }
    assert.deepEqual(await variable('DB_ACCESS', `\${DB_ACCESS:-${short}}`), []);
    assert.deepEqual(await variable('DB_PASSWORD', '"${DB_USER}:${DB_HOST:-green.apples}"'), []);
  });
});

describe('secrets that look like it', () => {
  it('are tokens, wherever they stand', async () => {
    const jwt = token({ role: 'service_role', exp: 1983812996 });
    assert.deepEqual(await variable('SERVICE_ROLE', jwt), [`random value SERVICE_ROLE ${jwt}`]);
    assert.deepEqual(await secretsOf(`command: app --bearer "${jwt}"`), [`random part - ${jwt}`]);
    assert.deepEqual(await variable('ANON', token({ role: 'anon' })), []);
    assert.deepEqual(await variable('NEXT_PUBLIC_JWT', jwt), []);
    assert.deepEqual(await variable('NOTHING', `eyJhbGciOiJIUzI1NiJ9.eyJub3RoaW5n.${RANDOM}`), []);
  });

  it('are keys of known services, also where they are the default of a variable', async () => {
    const key = ['sk', 'live', '4eC39HqLyjWDarjtT1zdp7dc'].join('_');
    assert.deepEqual(await variable('STRIPE_KEY', `\${STRIPE_KEY:-${key}}`), [`credential default STRIPE_KEY ${key}`]);
  });

  it('are what is made at random, under any name that does not say what else it is', async () => {
    assert.deepEqual(await variable('VAULT_KEK', RANDOM), [`unclear value VAULT_KEK ${RANDOM}`]);
    assert.deepEqual(await variable('STRIPE_KEY', RANDOM), [`unclear value STRIPE_KEY ${RANDOM}`]);
    assert.deepEqual(await variable('VAULT_KEK', HEX), [`unclear value VAULT_KEK ${HEX}`]);
    assert.deepEqual(await variable('VAULT_SECRET', HEX), [`random value VAULT_SECRET ${HEX}`]);
    for (const [name, value] of [
      ['GIT_COMMIT', '2fd4e1c67a2d28fced849ee1bb76e7391b93eb12'],
      ['RELEASE', '2fd4e1c67a2d28fced849ee1bb76e7391b93eb12'],
      ['CHECKSUM', HEX],
      ['MODEL_SHA256', HEX],
      ['IMAGE_REF', `sha256:${HEX}`],
      ['DIGEST', `sha256:${HEX}`],
      ['BASE', `example/base@sha256:${HEX}`],
      ['TENANT', 'dc447559-996d-4761-a306-f47a5eab1623'],
      ['VAPID_PUBLIC_KEY', RANDOM],
      ['CLIENT_ID', RANDOM],
      ['SIGNERS', `AAAAC3NzaC1lZDI1NTE5${RANDOM}`],
      ['SERIALIZER', 'org.apache.kafka.common.serialization.ByteArraySerializer'],
      ['FEATURES', 'enableThisFeatureAndThatOneAsWell2'],
    ] as const) {
      assert.deepEqual(await variable(name, value), [], name);
    }
    assert.deepEqual(await secretsOf(`image: example/web@sha256:${HEX}`), []);
    assert.deepEqual(await secretsOf('labels:', `  app.commit: ${HEX}`), []);
  });

  it('are passwords behind the name of a user', async () => {
    assert.deepEqual(await variable('NEO4J_AUTH', 'neo4j/green-apples'), ['plain value NEO4J_AUTH neo4j/green-apples']);
    assert.deepEqual(await variable('BASIC_AUTH', 'me:green-apples'), ['plain value BASIC_AUTH me:green-apples']);
    assert.deepEqual(await variable('NEO4J_AUTH', 'neo4j/neo4j'), ['placeholder value NEO4J_AUTH neo4j/neo4j']);
    for (const [name, value] of [
      ['NEO4J_AUTH', 'none'],
      ['BASIC_AUTH', 'auth:8080'],
      ['BASIC_AUTH', 'http://auth:8080/login'],
      ['ENABLE_BASIC_AUTH', 'web:green-apples'],
      ['SMTP_AUTH', 'plain/login'],
    ] as const) {
      assert.deepEqual(await variable(name, value), [], name);
    }
  });

  it('are members of JSON', async () => {
    const json = (value: string) => variable('SETTINGS', value);
    const found = ['plain option dbPassword green-apples'];
    assert.deepEqual(await json(`'{"user":"me","dbPassword":"green-apples"}'`), found);
    assert.deepEqual(await json(String.raw`"{\"dbPassword\": \"green-apples\"}"`), found);
    assert.deepEqual(await secretsOf('command: |', '  echo {', '    "dbPassword": "green-apples"', '  }'), found);
    for (const value of ['{"password":"${DB_PASSWORD}"}', '{"passwordFile":"/run/apples"}', '{"keys":["apples"]}']) {
      assert.deepEqual(await json(`'${value}'`), [], value);
    }
  });

  it('are addresses that let everybody in who knows them', async () => {
    const hook = (end: string) => ['https://hooks.slack.com', 'services/T02AB3CD4/B05EF6GH7', end].join('/');
    assert.deepEqual(await variable('ALERTS', hook(RANDOM)), [`credential value ALERTS ${hook(RANDOM)}`]);
    assert.deepEqual(await variable('ALERTS', hook('X'.repeat(24))), []);
  });

  it('are hashes of passwords', async () => {
    const hash = '$$apr1$$x7Kq2Zt9$$Vb3Lm8Pw5Rc1Yd6Hs0QfNj';
    const label = (users: string) =>
      secretsOf('labels:', `  - "traefik.http.middlewares.auth.basicauth.users=${users}"`);
    assert.deepEqual(await label(`admin:${hash}`), [`plain hash - ${hash.replaceAll('$$', () => '$')}`]);
    assert.equal((await label(`a:${hash},b:$$2y$$05$$Vb3Lm8Pw5Rc1Yd6Hs0QfNjVb3Lm8Pw5Rc1Yd6Hs0QfNj`)).length, 2);
    assert.deepEqual(await label('admin:${HASHED_PASSWORD}'), []);
    assert.match((await label(`test:${hash}`)).join(), /^placeholder/);
  });
});
