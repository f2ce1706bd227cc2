import assert from 'node:assert/strict';
import { UserError } from '../../../../src/core/common/errors';
import { Secrets } from '../../../../src/core/compose/secrets';

/** Secrets of one environment, of a service `db` with these variables. */
function knowing(environment: Readonly<Record<string, string | null>>, more: object = {}): Secrets {
  const secrets = new Secrets();
  secrets.learn('dev', { name: 'shop', services: { db: { image: 'postgres:16', environment, ...more } } });
  return secrets;
}

describe('secrets in output', () => {
  it('are the values of variables whose names say so, whole words only', () => {
    const { mask } = knowing({
      DB_PASSWORD: 'hunter22',
      apiToken: 'abc.def+1',
      AWS_SECRET_ACCESS_KEY: 'abc.def+12',
      SECRET: 'abc.def+1-xyz',
      CREDENTIALS: null,
      LEVEL: 'debug',
    });
    assert.equal(mask('auth with hunter22 failed (hunter22!)'), 'auth with *** failed (***!)');
    assert.equal(mask('hunter221 ahunter22'), 'hunter221 ahunter22');
    assert.equal(mask('abc.def+12 abc.def+1 abc.def+1-xyz'), '*** *** ***');
    assert.equal(mask('level debug'), 'level debug');
  });

  it('are the arguments of builds, too, and each line of a key', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADAN\nBgkqhkiG9w0B\n-----END KEY-----\n';
    const { mask } = knowing({ TLS_KEY: key }, { build: { args: { NPM_TOKEN: 'npm_12345' } } });
    assert.equal(mask('#5 RUN echo npm_12345'), '#5 RUN echo ***');
    assert.equal(mask('read MIIEvQIBADAN'), 'read ***');
    assert.equal(mask('-----BEGIN KEY-----'), '-----BEGIN KEY-----');
  });

  it('are not what the project shows openly anyway, nor what hardly says anything', () => {
    const { mask } = knowing({
      POSTGRES_PASSWORD: 'shop',
      OTHER_PASSWORD: 'application',
      USER: 'application',
      KEY_COUNT: '12',
      USE_TOKEN: 'true',
      PASSWORD_FILE: '/run/secrets/password',
    });
    const text = 'Container shop-db-1 of application: true, 12, /run/secrets/password';
    assert.equal(mask(text), text);
  });

  it('are the digits of a PIN, but not those that everybody tries, nor of what only is called alike', () => {
    const { mask } = knowing({
      ADMIN_PIN: '9173',
      DOOR_PIN: '48210',
      KIOSK_PIN: '1234',
      SPI_PIN: '4822',
      A_KEY: '5432',
    });
    assert.equal(mask('9173, 48210, 1234, 4822, 5432'), '***, ***, 1234, 4822, 5432');
  });

  it('are no PINs that are years or ports of the project, which would be hidden everywhere', () => {
    const secrets = new Secrets();
    const environment = { ADMIN_PIN: '8080', LOGIN_PIN: '2026', DOOR_PIN: '3001', SIM_PIN: '9090' };
    const ports = [{ target: 80, published: '8000-8080' }];
    secrets.learn('dev', { services: { web: { environment, ports, expose: ['3001'] } } });
    assert.equal(secrets.mask('2026-11-22 at 8080, 3001, 9090'), '2026-11-22 at 8080, 3001, ***');
  });

  it('are also what is made at random and has another name besides that does not say what it is', () => {
    const random = ['kR8vTq2L', 'mZx9WpYb4N'].join('');
    assert.equal(knowing({ DB_PASSWORD: random, DB_ACCESS: random }).mask(`no ${random}`), 'no ***');
    assert.equal(knowing({ CLIENT_SECRET: random, CLIENT_ID: random }).mask(`no ${random}`), `no ${random}`);
  });

  it('are what the files of secrets hold, line by line', () => {
    const secrets = new Secrets();
    secrets.learn('dev', { name: 'shop', services: {} }, ['hunter22\n', 'user=shop\r\nword=geheim\r\n', 'shop\n']);
    assert.equal(secrets.mask('shop has hunter22, word=geheim, hunter221'), 'shop has ***, ***, hunter221');
  });

  it('are user and password in every address', () => {
    const { mask } = new Secrets();
    assert.equal(
      mask('to "postgres://app:s3c@ret" postgres://app:x@db:5432/app'),
      'to "postgres://***@ret" postgres://***@db:5432/app',
    );
    assert.equal(mask('redis://:geheim@cache'), 'redis://***@cache');
    for (const harmless of ['http://localhost:8080/a@b', 'ssh://me@host', 'image: a/b:c@sha256:1']) {
      assert.equal(mask(harmless), harmless);
    }
  });

  it('are known of each environment as they are now', () => {
    const secrets = knowing({ PASSWORD: 'before' });
    secrets.learn('test', { services: { db: { environment: { PASSWORD: 'other' } } } });
    secrets.learn('dev', { services: { db: { environment: { PASSWORD: 'after' } } } });
    assert.equal(secrets.mask('before after other'), 'before *** ***');
  });

  it('are masked in errors, which stay the same when there is nothing to mask', () => {
    const secrets = knowing({ PASSWORD: 'hunter22' });
    const error = new UserError('failed', 'No hunter22.', { output: 'a hunter22', remedy: 'Look.' });
    const masked = secrets.maskError(error);
    assert.deepEqual([masked.kind, masked.message, masked.details.output], ['failed', 'No ***.', 'a ***']);
    assert.equal(masked.details.remedy, 'Look.');
    const harmless = new UserError('failed', 'No.');
    assert.equal(secrets.maskError(harmless), harmless);
  });
});
