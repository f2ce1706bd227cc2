import assert from 'node:assert/strict';
import { maskDocument, maskYaml, orderLogs } from '../../../../src/core/operations/documents';

const same = (text: string) => text;

describe('maskDocument', () => {
  it('masks variables and labels whose names say that they are secrets', () => {
    const container = {
      Config: {
        Env: [
          'POSTGRES_PASSWORD=hunter22',
          'POSTGRES_USER=app',
          'PASSWORD_FILE=/run/x',
          'EMPTY_TOKEN=',
          'DOOR_PIN=9173',
          'SPI_PIN=4',
        ],
        Labels: { 'app.api-key': 'abcdef', 'com.docker.compose.project': 'shop' },
      },
      NetworkSettings: { SandboxKey: '/var/run/docker/netns/1' },
    };
    assert.deepEqual(maskDocument(container, same), {
      Config: {
        Env: [
          'POSTGRES_PASSWORD=***',
          'POSTGRES_USER=app',
          'PASSWORD_FILE=/run/x',
          'EMPTY_TOKEN=',
          'DOOR_PIN=***',
          'SPI_PIN=4',
        ],
        Labels: { 'app.api-key': '***', 'com.docker.compose.project': 'shop' },
      },
      NetworkSettings: { SandboxKey: '/var/run/docker/netns/1' },
    });
  });

  it('masks them wherever else they stand, and what is short only where it is one', () => {
    const container = {
      Config: { Env: ['A_PASSWORD=hunter22', 'B_PASSWORD=dev', 'URL=amqp://u:hunter22@q/'] },
      Healthcheck: { Test: ['CMD-SHELL', 'curl -u me:hunter22 http://dev.example/'] },
    };
    assert.deepEqual(maskDocument(container, same), {
      Config: { Env: ['A_PASSWORD=***', 'B_PASSWORD=***', 'URL=amqp://***@q/'] },
      Healthcheck: { Test: ['CMD-SHELL', 'curl -u me:*** http://dev.example/'] },
    });
  });

  it('masks the values of options', () => {
    const commands = {
      Cmd: ['redis-server', '--requirepass', 's3cret-1', '--save', ''],
      Args: ['--token=tok-12345', '--pass', '--verbose'],
      Test: ['CMD', 'redis-cli', '-a', 's3cret-1', 'ping'],
      Script: ['sh', '-c', `run --password "two words" --secret-key='k-1234' --requirepass "$PASS" --keep 5`],
    };
    assert.deepEqual(maskDocument(commands, same), {
      Cmd: ['redis-server', '--requirepass', '***', '--save', ''],
      Args: ['--token=***', '--pass', '--verbose'],
      Test: ['CMD', 'redis-cli', '-a', '***', 'ping'],
      Script: ['sh', '-c', `run --password *** --secret-key=*** --requirepass "$PASS" --keep 5`],
    });
  });

  it('masks what is known from elsewhere, and leaves what is no text', () => {
    const mask = (text: string) => text.replace('known', '***');
    assert.deepEqual(maskDocument({ a: ['known', 1, null, true] }, mask), { a: ['***', 1, null, true] });
  });
});

describe('maskYaml', () => {
  it('masks what Compose prints, and leaves the rest as it means it', async () => {
    const yaml = `name: shop
services:
  db:
    environment:
      DB_PASSWORD: hunter22
      LEVEL: "yes"
      NOTHING: null
    ports:
      - published: "5432"
        target: 5432
secrets:
  key:
    content: "line one\\nline two"
`;
    assert.equal(
      await maskYaml(yaml, same),
      yaml.replace('hunter22', '"***"').replace('"line one\\nline two"', '"***"'),
    );
  });
});

describe('orderLogs', () => {
  const printed = [
    '\u001b[2Ka-1   | 2026-01-31T12:00:00.5Z first',
    '\u001b[2Ka-1   | 2026-01-31T12:00:02.000000001Z \u001b[31mthird\u001b[0m  ',
    '\u001b[2Ka-1   | 2026-01-31T12:00:02.000000001Z ',
    '\u001b[2Kb-1   | 2026-01-31T12:00:01.123456789Z second | 2026-01-31T12:00:00Z',
    'b-1   | without a time',
    '',
  ].join('\n');

  it('puts the lines of all containers into the order of time, as plain text', () => {
    assert.equal(
      orderLogs(printed, false),
      'a-1   | first\nb-1   | second | 2026-01-31T12:00:00Z\nb-1   | without a time\na-1   | third\na-1   |\n',
    );
  });

  it('keeps the times where they are wanted', () => {
    assert.equal(
      orderLogs(printed, true).split('\n')[1],
      'b-1   | 2026-01-31T12:00:01.123456789Z second | 2026-01-31T12:00:00Z',
    );
  });

  it('of nothing is nothing', () => assert.equal(orderLogs('', true), ''));
});
