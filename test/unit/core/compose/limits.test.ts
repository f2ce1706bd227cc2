import assert from 'node:assert/strict';
import { limitsOf, withLimits } from '../../../../src/core/compose/limits';

const lines = (...some: readonly string[]) => `${some.join('\n')}\n`;
const ALL = { memory: '512M', cpus: '0.5', logSize: '10m', logFiles: '3' };
const NONE = { memory: null, cpus: null, logSize: null, logFiles: null };
const limited = (text: string, change = {}, driver?: string) => withLimits(text, 'db', change, driver);

describe('limits in the text of a compose file', () => {
  const plain = lines(
    '# the file',
    'services:',
    '  web:   # not this one',
    '    ports:',
    '    - "80:80"   # as it is',
    '',
    '  db:',
    '    image: "postgres"   # version?',
    '    # the last of db',
    '',
    '  # about cache',
    '  cache: { image: redis }',
  );
  const withAll = [
    '    image: "postgres"   # version?',
    '    deploy:',
    '      resources:',
    '        limits:',
    '          memory: 512M',
    '          cpus: "0.5"',
    '    logging:',
    '      driver: json-file',
    '      options:',
    '        max-size: 10m',
    '        max-file: "3"',
  ];

  it('are written where there are none, and nothing else changes', async () => {
    assert.equal(await limited(plain, ALL), plain.replace('    image: "postgres"   # version?', withAll.join('\n')));
  });

  it('leave a byte order mark where it is', async () => {
    assert.equal(await limited(`\uFEFF${plain}`, ALL, 'json-file'), `\uFEFF${await limited(plain, ALL, 'json-file')}`);
  });

  it('are taken away without a trace', async () => {
    assert.equal(await limited((await limited(plain, ALL)) ?? '', NONE, 'json-file'), plain);
    assert.equal(await limited(plain, NONE), plain);
  });

  it('keep the line ends of the file', async () => {
    const changed = await limited(plain.replaceAll('\n', '\r\n'), ALL);
    assert.equal(changed, (await limited(plain, ALL))?.replaceAll('\n', '\r\n'));
  });

  it('keep the indentation of the file, and an end without a line end', async () => {
    const text = 'services:\n    db:\n        image: x';
    assert.equal(
      await limited(text, { memory: '1G' }),
      `${text}\n        deploy:\n            resources:\n                limits:\n                    memory: 1G`,
    );
  });

  it('are changed beside what else there is, with its comments', async () => {
    const text = lines(
      'services:',
      '  db:',
      '    deploy: # why',
      '      # two of them',
      '      replicas: 2',
      '      resources:',
      '        limits:',
      '          memory: 1G   # enough',
      '          # nothing else',
      '    # after deploy',
      '    image: x',
    );
    const changed = await limited(text, { memory: '2G', cpus: '2' });
    assert.equal(
      changed,
      text.replace('          memory: 1G   # enough', '          memory: 2G # enough\n          cpus: "2"'),
    );
    assert.equal(
      await limited(text, { memory: null }),
      lines(
        'services:',
        '  db:',
        '    deploy: # why',
        '      # two of them',
        '      replicas: 2',
        '          # nothing else',
        '    # after deploy',
        '    image: x',
      ),
    );
  });

  it('are the service’s own where it takes over others by an alias or a merge key', async () => {
    const text = lines(
      'x-deploy: &deploy',
      '  replicas: 1',
      'x-base: &base',
      '  logging: { driver: local }',
      'services:',
      '  web: { deploy: *deploy }',
      '  db:',
      '    <<: *base',
      '    deploy: *deploy',
    );
    const own = [
      '    deploy:',
      '      replicas: 1',
      '      resources:',
      '        limits:',
      '          memory: 512M',
      '    logging:',
      '      driver: local',
      '      options:',
      '        max-size: 10m',
    ];
    const changed = await limited(text, { memory: '512M', logSize: '10m' }, 'local');
    assert.equal(changed, text.replace('    deploy: *deploy\n', lines(...own)));
  });

  it('are written into what stands on one line, and into nothing at all', async () => {
    assert.equal(
      await limited('services: { db: { image: x } } # all\n', { memory: '1G' }),
      'services: { db: { image: x, deploy: { resources: { limits: { memory: 1G } } } } } # all\n',
    );
    assert.equal(
      await limited('services:\n  db: { image: x } # db\n  web: {image:  y}\n', { memory: '1G' }),
      'services:\n  db: { image: x, deploy: { resources: { limits: { memory: 1G } } } } # db\n  web: {image:  y}\n',
    );
    assert.equal(
      await limited('services:\n  db:\n  web: {}\n', { cpus: '1' }),
      'services:\n  db:\n    deploy:\n      resources:\n        limits:\n          cpus: "1"\n  web: {}\n',
    );
  });

  it('leave a service that has nothing else as it must be', async () => {
    const text = lines('services:', '  db:', '    deploy: { resources: { limits: { memory: 1G } } }', '  web: {}');
    assert.equal(await limited(text, { memory: null }), lines('services:', '  db: {}', '  web: {}'));
  });

  it('replace what older keys say', async () => {
    const text = lines('services:', '  db:', '    mem_limit: 1g', '    cpus: 1', '    image: x');
    assert.equal(
      await limited(text, { memory: '2G', cpus: null }),
      lines('services:', '  db:', '    image: x', ...withAll.slice(1, 4), '          memory: 2G'),
    );
  });

  it('leave a driver of the user’s own choice, and name none beside it', async () => {
    const text = lines('services:', '  db:', '    logging:', '      driver: local # small');
    const changed = await limited(text, { logSize: '1m' }, 'local');
    assert.equal(changed, `${text}      options:\n        max-size: 1m\n`);
    assert.equal(await limited(changed ?? '', { logSize: null }, 'local'), text);
  });

  it('are not for a service that is elsewhere, nor for a text that is no YAML', async () => {
    assert.equal(await limited('services:\n  web: {}\n', ALL), undefined);
    await assert.rejects(withLimits('services: [', 'db', ALL, undefined), { kind: 'configuration' });
  });
});

describe('the limits of a service', () => {
  it('are read from what Compose resolved, also from its older keys', () => {
    const deploy = { resources: { limits: { memory: '536870912', cpus: 0.5 } } };
    const logging = { driver: 'local', options: { 'max-size': '10m', 'max-file': '3' } };
    const all = { memory: 536870912, cpus: 0.5, logDriver: 'local', logSize: '10m', logFiles: 3 };
    assert.deepEqual(limitsOf({ deploy, logging }), all);
    assert.deepEqual(limitsOf({ mem_limit: '1024', cpus: 2 }), { memory: 1024, cpus: 2 });
    assert.equal(limitsOf({ image: 'x', deploy: { replicas: 2 }, mem_limit: '0' }), undefined);
  });
});
