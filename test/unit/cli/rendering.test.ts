import assert from 'node:assert/strict';
import path from 'node:path';
import { browserCall } from '../../../src/cli/browser';
import { exitCodeOf } from '../../../src/cli/exitCodes';
import { changeLines } from '../../../src/cli/rendering/changes';
import { renderEnvironments, renderStatuses } from '../../../src/cli/rendering/environments';
import { cleanOutput, placeText, renderError } from '../../../src/cli/rendering/errors';
import { healthText } from '../../../src/cli/rendering/health';
import { environmentJson, errorJson, jsonDocument } from '../../../src/cli/rendering/json';
import { LiveRegion } from '../../../src/cli/rendering/liveRegion';
import { portsText } from '../../../src/cli/rendering/ports';
import { doneText, keptLines, progressLines, underWayText } from '../../../src/cli/rendering/progress';
import { renderStats, statsJson, statsLine } from '../../../src/cli/rendering/stats';
import { plainStyle, type Style } from '../../../src/cli/rendering/style';
import { renderTable } from '../../../src/cli/rendering/table';
import { UserError } from '../../../src/core/common/errors';
import { SERVICE_HEALTHS } from '../../../src/core/model/health';
import type { ConfigurationWarning } from '../../../src/core/model/project';
import { container, environment, folder, service } from './examples';

const tagged: Style = (format, text) => `<${format}>${text}</${format}>`;
const look = { from: folder, style: plainStyle };
const web = service('web', { ports: [{ target: 80, published: 8080, protocol: 'tcp' }] });
const brokenYaml = new UserError('configuration', 'Invalid YAML: Missing closing "quote".', {
  place: { file: path.join(folder, 'compose.test.yaml'), line: 3, column: 11 },
  remedy: 'Correct the file.',
});

describe('health', () => {
  it('is always told by its word, too', () => {
    for (const health of [...SERVICE_HEALTHS, 'unknown'] as const) {
      assert.match(healthText(health), new RegExp(`^\\S ${health}$`));
    }
  });
});

describe('a table', () => {
  it('lines its columns up, however they are styled', () => {
    const rows = [
      ['NAME', 'HEALTH'],
      [{ text: 'dev', format: 'bold' as const }, 'ok'],
      ['production', ''],
    ];
    assert.deepEqual(renderTable(rows, plainStyle), ['NAME        HEALTH', 'dev         ok', 'production']);
    assert.deepEqual(renderTable(rows.slice(0, 2), tagged), [
      '<dim>NAME</dim>  <dim>HEALTH</dim>',
      '<bold>dev</bold>   ok',
    ]);
  });
});

describe('the list of environments', () => {
  it('has everything of each, and the error of a broken one below it', () => {
    const environments = [
      environment('dev', { services: [service('db'), web], containers: [container('db'), container('web')] }),
      environment('test', { error: brokenYaml }),
      environment('ci', { services: [web], connected: false }),
    ];
    assert.deepEqual(renderEnvironments(environments, look), [
      'ENVIRONMENT  PURPOSE      ORIGIN    PROJECT  HEALTH     SERVICES  FILES',
      'dev          development  inferred  shop     ✔ healthy  2/2       compose.yaml',
      'test         test         inferred  -        ○ stopped  -         compose.test.yaml',
      '  ✖ compose.test.yaml:3:11: Invalid YAML: Missing closing "quote".',
      '    Correct the file.',
      'ci           ci           inferred  shop     ? unknown  ?/1       compose.ci.yaml',
    ]);
  });
});

describe('what Compose warns of', () => {
  it('stands below the environment, and in its JSON', () => {
    const place = { file: path.join(folder, 'compose.yaml'), line: 4, column: 10 };
    const warnings: ConfigurationWarning[] = [
      { code: 'unset-variable', message: 'The variable FOO is not set.', remedy: 'Set it.', place },
    ];
    const dev = environment('dev', { services: [web], warnings });
    const lines = ['  ▲ compose.yaml:4:10: The variable FOO is not set.', '    Set it.'];
    assert.deepEqual(renderEnvironments([dev], look).slice(2), lines);
    assert.deepEqual(renderStatuses([dev], look).slice(2, 4), lines);
    assert.deepEqual(environmentJson(dev).problems, warnings);
  });
});

describe('the status of environments', () => {
  it('has each service, also one that was never started', () => {
    const ports = [{ target: 80, published: 8080, hostIp: '127.0.0.1', protocol: 'tcp' }];
    const environments = [
      environment('dev', {
        services: [web, service('worker', { profiles: ['full'] })],
        containers: [container('web', { healthCheck: 'unhealthy', ports })],
      }),
      environment('test', { error: brokenYaml }),
    ];
    assert.deepEqual(renderStatuses(environments, look), [
      'dev  ✖ unhealthy  0/1 ready  project shop',
      '  from the names of its files',
      '  SERVICE  HEALTH       PORTS               CONTAINER',
      '  web      ✖ unhealthy  127.0.0.1:8080->80  shop-web-1',
      '  worker   ○ stopped    -                   - (profile full)',
      '',
      'test  ○ stopped  - ready',
      '  from the names of its files',
      '  ✖ compose.test.yaml:3:11: Invalid YAML: Missing closing "quote".',
      '    Correct the file.',
    ]);
  });
});

describe('changes', () => {
  const services = [service('db'), web];
  const before = environment('dev', { services, containers: [container('db'), container('old')] });

  it('are told service by service', () => {
    const after = environment('dev', {
      services,
      containers: [container('db', { state: 'paused' }), container('web')],
    });
    assert.deepEqual(changeLines([before], [after]), [
      'dev db: ‖ paused (was healthy)',
      'dev web: ✔ healthy (was stopped)',
      'dev old: gone',
    ]);
    assert.deepEqual(changeLines([after], [after]), []);
  });

  it('are told of files, too', () => {
    const broken = environment('dev', { error: brokenYaml, containers: [container('db'), container('old')] });
    assert.deepEqual(changeLines([before], [broken]), ['dev: Invalid YAML: Missing closing "quote".', 'dev web: gone']);
    assert.deepEqual(changeLines([broken], [before]), ['dev: its files are accepted again', 'dev web: ○ stopped']);
  });
});

describe('an error', () => {
  it('says what, where, more of it, and what to do', () => {
    const error = new UserError('failed', 'Service "web" is unhealthy.', {
      output: 'no connection\n\x1b[31mred\x1b[0m\r',
      remedy: 'Look at its logs.',
    });
    assert.equal(
      renderError(error, { ...look, next: ['berth logs dev web'] }),
      '✖ Service "web" is unhealthy.\n\n  no connection\n  red\n\n  Look at its logs.\n\n  Try:\n    berth logs dev web\n',
    );
    assert.equal(
      renderError(brokenYaml, look),
      '✖ Invalid YAML: Missing closing "quote".\n  compose.test.yaml:3:11\n  Correct the file.\n',
    );
  });

  it('names a place as seen from the folder, unless that is far away', () => {
    const file = path.join(folder, 'deploy', 'compose.yaml');
    assert.equal(placeText({ file, line: 2 }, folder), `${path.join('deploy', 'compose.yaml')}:2`);
    assert.equal(placeText({ file }, path.join(folder, 'src')), path.join('..', 'deploy', 'compose.yaml'));
    assert.equal(placeText({ file, line: 2 }, path.resolve('/elsewhere/of/another')), `${file}:2`);
  });

  it('lets no output of others move the cursor', () => {
    assert.equal(cleanOutput('a\x1b[2Jb\x08\x1b]0;title\x07c\td\ne'), 'abc\td\ne');
  });

  it('has the exit code of its kind', () => {
    const kinds = ['usage', 'failed', 'configuration', 'engine-unreachable', 'docker-missing'] as const;
    assert.deepEqual(kinds.map(exitCodeOf), [2, 1, 1, 3, 3]);
  });
});

describe('addresses', () => {
  it('of published ports are told as people write them', () => {
    const ports = [
      { target: 80, published: 8080, protocol: 'tcp' },
      { target: 8443, published: 9443, hostIp: '127.0.0.1', protocol: 'tcp' },
      { target: 5432, published: 5433, hostIp: '::1', protocol: 'tcp' },
      { target: 53, published: 53, protocol: 'udp' },
      { target: 3000, protocol: 'tcp' },
    ];
    assert.equal(portsText(ports), '8080->80, 127.0.0.1:9443->8443, [::1]:5433->5432, 53->53/udp');
  });

  it('are opened without a shell', () => {
    assert.deepEqual(browserCall('http://a/?b&c', 'linux'), ['xdg-open', ['http://a/?b&c']]);
    assert.deepEqual(browserCall('http://a/?b&c', 'darwin'), ['open', ['http://a/?b&c']]);
    assert.deepEqual(browserCall('http://a/?b&c', 'win32'), [
      'rundll32',
      ['url.dll,FileProtocolHandler', 'http://a/?b&c'],
    ]);
  });
});

describe('progress', () => {
  const { services } = environment('dev', {
    services: [service('db'), web],
    containers: [container('db'), container('web', { healthCheck: 'starting' })],
  });

  it('tells when a service arrived, and how long the others have been going', () => {
    const lines = progressLines('up', services, new Map([['db', 2417]]), 3999, plainStyle);
    assert.deepEqual(lines, ['  db   ✔ healthy     2.4 s', '  web  ◌ starting    3 s']);
  });

  it('knows that stop wants them stopped', () => {
    const lines = progressLines('stop', services, new Map(), 1000, plainStyle);
    assert.deepEqual(lines, ['  db   ✔ healthy     1 s', '  web  ◌ starting    1 s']);
  });

  it('ends with what was done', () => {
    const dev = environment('dev', { services: [web], containers: [container('web')] });
    assert.equal(doneText('up', dev, [], 2600), '✔ dev is up: 1 of 1 services ready (2.6 s).');
    assert.equal(doneText('down', dev, [], 400), '✔ dev is down (0.4 s).');
    assert.equal(doneText('restart', dev, ['web'], 400), '✔ web of dev has restarted (0.4 s).');
    assert.equal(doneText('stop', dev, ['db', 'web'], 400), '✔ db, web of dev have stopped (0.4 s).');
  });
});

describe('a live region', () => {
  /** What a terminal shows after what was written to it: knows only the sequences that a region uses. */
  function screen(written: string): string[] {
    let lines = [''];
    let row = 0;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal obeys.
    for (const [part, up] of written.matchAll(/\x1b\[(\d+)A|\r|\n|\x1b\[J|\x1b\[\d*m|[^\x1b\r\n]+/g)) {
      if (up) row -= Number(up);
      else if (part === '\n') {
        row++;
        if (row >= lines.length) lines.push('');
      } else if (part === '\x1b[J') lines = [...lines.slice(0, row), ''];
      else if (part !== '\r' && !part.startsWith('\x1b')) lines[row] += part;
      assert(row >= 0, 'moved above the first line');
    }
    return lines;
  }

  function region(size: { columns: number; rows: number }) {
    const written: string[] = [];
    return { written, region: new LiveRegion({ ...size, write: (text) => void written.push(text) }) };
  }

  it('is drawn in place of what it was, also when it shrinks', () => {
    const { written, region: live } = region({ columns: 80, rows: 24 });
    live.draw(['a', 'b', 'c']);
    live.draw(['d', 'e']);
    assert.deepEqual(screen(written.join('')), ['d', 'e', '']);
    live.printAbove('stays');
    live.draw(['f']);
    assert.deepEqual(screen(written.join('')), ['stays', 'f', '']);
    live.clear();
    assert.deepEqual(screen(written.join('')), ['stays', '']);
  });

  it('writes nothing when nothing changed', () => {
    const { written, region: live } = region({ columns: 80, rows: 24 });
    live.draw(['a']);
    live.draw(['a']);
    assert.equal(written.length, 1);
  });

  it('is never larger than the terminal, where moving up would miss', () => {
    const { written, region: live } = region({ columns: 6, rows: 4 });
    live.draw(['\x1b[32mabcdefgh\x1b[39m', 'b', 'c', 'd']);
    assert.equal(written.join(''), '\x1b[32mabcde\x1b[39m\nb\n… 2 m\n');
  });
});

describe('JSON', () => {
  it('has a version, and all that is known of an environment', () => {
    const dev = environment('dev', { services: [web], containers: [container('web')] });
    assert.deepEqual(JSON.parse(jsonDocument({ environment: environmentJson(dev) })), {
      version: 1,
      environment: {
        name: 'dev',
        purpose: 'development',
        origin: 'inferred',
        project: 'shop',
        directory: folder,
        files: [path.join(folder, 'compose.yaml')],
        envFiles: [],
        profiles: [],
        health: 'healthy',
        ready: 1,
        expected: 1,
        services: [
          {
            name: 'web',
            health: 'healthy',
            image: 'web:1',
            profiles: [],
            ports: web.ports,
            containers: [{ id: 'id-web', name: 'shop-web-1', state: 'running' }],
          },
        ],
        testCommands: [],
        commands: [],
        evidence: [],
        problems: [],
      },
    });
  });

  it('is one line where there are many', () => {
    assert.equal(
      jsonDocument({ error: errorJson(brokenYaml) }, { oneLine: true })
        .trimEnd()
        .includes('\n'),
      false,
    );
  });

  it('has all of an error', () => {
    assert.deepEqual(errorJson(brokenYaml), {
      kind: 'configuration',
      message: 'Invalid YAML: Missing closing "quote".',
      remedy: 'Correct the file.',
      place: { file: path.join(folder, 'compose.test.yaml'), line: 3, column: 11 },
      output: undefined,
    });
  });
});

describe('what an environment that is down still has', () => {
  it('is told, unless it is nothing', () => {
    assert.deepEqual(keptLines({ containers: [], networks: [], volumes: [] }), []);
    const data = { name: 'shop_data', anonymous: false };
    assert.deepEqual(keptLines({ containers: [], networks: ['shop_default'], volumes: [data] }), [
      'What stays:',
      '  Volumes: shop_data',
      '  Networks: shop_default',
    ]);
  });
});

describe('an operation that leaves services as they are', () => {
  it('shows that it is under way, and for how long', () => {
    assert.equal(underWayText('build', 'dev', 61_900), '  Building images of dev … 61 s');
  });
});

describe('what containers use', () => {
  const stats = {
    cpuPercent: 12.345,
    memory: 48_000_000,
    memoryLimit: 512_000_000,
    received: 1_200,
    sent: 0,
    blockRead: 3_400_000,
    blockWritten: 0,
    processes: 7,
  };
  const measured = (environment: string) => ({
    environment,
    service: 'db',
    container: { id: 'id-db', name: `shop-${environment}-db-1` },
    stats,
  });

  it('is a table, which names environments where there are several', () => {
    assert.deepEqual(renderStats([measured('dev')], plainStyle), [
      'SERVICE  CONTAINER      CPU     MEMORY           NETWORK IN/OUT  DISK READ/WRITTEN  PROCESSES',
      'db       shop-dev-db-1  12.3 %  48 MB of 512 MB  1.2 kB / 0 B    3.4 MB / 0 B       7',
    ]);
    assert.match(
      renderStats([measured('dev'), measured('test')], plainStyle)[2] ?? '',
      /^test {9}db {7}shop-test-db-1/,
    );
  });

  it('is a line, or JSON in bytes', () => {
    assert.equal(
      statsLine(measured('dev')),
      'dev db shop-dev-db-1: cpu 12.3 %, memory 48 MB of 512 MB, network 1.2 kB / 0 B, disk 3.4 MB / 0 B, processes 7',
    );
    const { memory, cpuPercent, container } = statsJson(measured('dev'));
    assert.deepEqual([memory, cpuPercent, container], [48_000_000, 12.35, { id: 'id-db', name: 'shop-dev-db-1' }]);
  });
});
