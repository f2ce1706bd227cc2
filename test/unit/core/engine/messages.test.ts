import assert from 'node:assert/strict';
import {
  applyEvent,
  type ContainerEvent,
  EVENT_FILTERS,
  listFilters,
  needsListing,
  numberOf,
  parseEvent,
  parseListed,
  settles,
} from '../../../../src/core/engine/messages';
import type { Container } from '../../../../src/core/model/container';
import { containerHealth } from '../../../../src/core/model/health';
import { container, event } from '../support/fakeEngine';

/** Labels of a container that Compose 2.26.1 made. */
const LABELS = {
  'com.docker.compose.config-hash': '5a62ea3df67973f463fa6074878d1d0e09abfb9262d1abfaecf155af844be2fd',
  'com.docker.compose.container-number': '1',
  'com.docker.compose.depends_on': '',
  'com.docker.compose.image': 'sha256:1472933163d26496a13b99629aa02818917b505cca4d87f4c34996998048076a',
  'com.docker.compose.oneoff': 'False',
  'com.docker.compose.project': 'shapes',
  'com.docker.compose.project.config_files': '/projects/compose.yaml,/projects/compose.test.yaml',
  'com.docker.compose.project.working_dir': '/projects',
  'com.docker.compose.service': 'web',
  'com.docker.compose.version': '2.26.1',
};
const ID = 'bcb37836f07e740363c30c5e37814a3d290deb89bd8ec66790996e685278c7ab';

/** A line of the event stream as Docker Engine 20.10.24 sends it. */
function line(
  action: string,
  attributes: Record<string, string> = {},
  labels: Record<string, string> = LABELS,
): string {
  return JSON.stringify({
    status: action,
    id: ID,
    from: 'berth/idle:1',
    Type: 'container',
    Action: action,
    Actor: { ID, Attributes: { ...labels, image: 'berth/idle:1', name: 'shapes-web-1', ...attributes } },
    scope: 'local',
    time: 1795246764,
  });
}

/** An entry of `GET /containers/json` as Docker Engine 20.10.24 gives it. */
function listed(State: string, Status: string, more: object = {}): object {
  return {
    Id: ID,
    Names: ['/shapes-web-1'],
    Image: 'berth/idle:1',
    ImageID: 'sha256:1472933163d26496a13b99629aa02818917b505cca4d87f4c34996998048076a',
    Command: 'idle',
    Created: 1795246762,
    Ports: [],
    Labels: LABELS,
    State,
    Status,
    HostConfig: { NetworkMode: 'shapes_default' },
    NetworkSettings: { Networks: {} },
    Mounts: [],
    ...more,
  };
}

const IDENTITY = {
  name: 'shapes-web-1',
  image: 'berth/idle:1',
  project: 'shapes',
  service: 'web',
  number: 1,
  oneOff: false,
  configFiles: ['/projects/compose.yaml', '/projects/compose.test.yaml'],
  workingDirectory: '/projects',
};

describe('EVENT_FILTERS and listFilters', () => {
  it('name containers of Compose projects, and no exec events', () => {
    assert.deepEqual(EVENT_FILTERS.type, ['container']);
    assert.deepEqual(EVENT_FILTERS.label, ['com.docker.compose.project']);
    assert.ok(!EVENT_FILTERS.event.some((name) => name.startsWith('exec')));
    assert.deepEqual(listFilters(), { label: ['com.docker.compose.project'] });
    assert.deepEqual(listFilters(['a', 'b']), { label: ['com.docker.compose.project'], id: ['a', 'b'] });
  });
});

describe('numberOf', () => {
  it('is what the label says', () => {
    assert.equal(numberOf({ 'com.docker.compose.container-number': '12' }), 12);
    assert.equal(numberOf({}), 1);
  });
});

describe('parseEvent', () => {
  const nothing = { healthCheck: undefined, exitCode: undefined, signal: undefined };

  it('takes what an event says of a container, and its labels', () => {
    assert.deepEqual(parseEvent(line('start')), { id: ID, action: 'start', ...nothing, identity: IDENTITY });
  });

  it('takes what stands behind the action, and attributes', () => {
    const more = (text: string) => {
      const { healthCheck, exitCode, signal, action } = parseEvent(text) ?? {};
      return { action, healthCheck, exitCode, signal };
    };
    assert.deepEqual(more(line('health_status: healthy')), {
      ...nothing,
      action: 'health_status',
      healthCheck: 'healthy',
    });
    assert.equal(more(line('health_status: unhealthy')).healthCheck, 'unhealthy');
    assert.deepEqual(more(line('die', { exitCode: '137' })), { ...nothing, action: 'die', exitCode: 137 });
    assert.deepEqual(more(line('kill', { signal: '15' })), { ...nothing, action: 'kill', signal: 15 });
  });

  it('knows containers of "docker compose run"', () => {
    const labels = { ...LABELS, 'com.docker.compose.oneoff': 'True' };
    assert.equal(parseEvent(line('start', {}, labels))?.identity.oneOff, true);
  });

  it('leaves out what is not of a Compose project, and what is no container', () => {
    assert.equal(parseEvent(line('start', {}, {})), undefined);
    assert.equal(parseEvent(line('start').replace('"Type":"container"', '"Type":"network"')), undefined);
    for (const text of ['{}', 'null', '[]', '"x"', '{"message":"no"}']) assert.equal(parseEvent(text), undefined);
  });

  it('refuses what is no JSON', () => assert.throws(() => parseEvent('<html>'), SyntaxError));
});

describe('parseListed', () => {
  const state = (State: string, Status: string) => {
    const { state, healthCheck, exitCode } = parseListed(listed(State, Status)) ?? {};
    return [state, healthCheck, exitCode];
  };

  it('takes state, health and exit code from the status text', () => {
    assert.deepEqual(state('running', 'Up 3 seconds'), ['running', 'none', undefined]);
    assert.deepEqual(state('running', 'Up 3 seconds (healthy)'), ['running', 'healthy', undefined]);
    assert.deepEqual(state('running', 'Up 2 hours (unhealthy)'), ['running', 'unhealthy', undefined]);
    assert.deepEqual(state('running', 'Up Less than a second (health: starting)'), ['running', 'starting', undefined]);
    assert.deepEqual(state('paused', 'Up 4 seconds (Paused)'), ['paused', 'none', undefined]);
    assert.deepEqual(state('exited', 'Exited (0) 4 seconds ago'), ['exited', 'none', 0]);
    assert.deepEqual(state('exited', 'Exited (137) Less than a second ago'), ['exited', 'none', 137]);
    assert.deepEqual(state('restarting', 'Restarting (3) 1 second ago'), ['restarting', 'none', 3]);
    assert.deepEqual(state('created', 'Created'), ['created', 'none', undefined]);
    assert.deepEqual(state('removing', 'Removal In Progress'), ['removing', 'none', undefined]);
    assert.deepEqual(state('dead', 'Dead'), ['dead', 'none', undefined]);
  });

  it('takes identity and ports, each published port once', () => {
    const entry = listed('running', 'Up 3 seconds', {
      Ports: [
        { IP: '::', PrivatePort: 81, PublicPort: 22002, Type: 'udp' },
        { IP: '0.0.0.0', PrivatePort: 81, PublicPort: 22002, Type: 'udp' },
        { IP: '127.0.0.1', PrivatePort: 80, PublicPort: 22001, Type: 'tcp' },
        { PrivatePort: 82, Type: 'tcp' },
      ],
    });
    assert.deepEqual(parseListed(entry), {
      id: ID,
      ...IDENTITY,
      state: 'running',
      healthCheck: 'none',
      exitCode: undefined,
      stoppedOnRequest: undefined,
      killedOnRequest: undefined,
      ports: [
        { target: 80, published: 22001, hostIp: '127.0.0.1', protocol: 'tcp' },
        { target: 81, published: 22002, hostIp: undefined, protocol: 'udp' },
      ],
    });
  });

  it('leaves out what is not of a Compose project, or is something else', () => {
    assert.equal(parseListed(listed('running', 'Up', { Labels: {} })), undefined);
    assert.equal(parseListed(listed('running', 'Up', { Labels: null })), undefined);
    for (const value of [undefined, null, 'x', 5, []]) assert.equal(parseListed(value), undefined);
  });
});

describe('applyEvent', () => {
  /** The health that a container shows after each of some events, from before its creation on. */
  function healths(events: readonly ContainerEvent[], from?: Container): string[] {
    let current = from;
    return events.map((one) => {
      current = applyEvent(current, one);
      return current ? containerHealth(current, false) : 'gone';
    });
  }
  const healthy = event('health_status', 'a', { healthCheck: 'healthy' });
  const unhealthy = event('health_status', 'a', { healthCheck: 'unhealthy' });
  const plain = (action: string) => event(action, 'a');
  const kill = (signal: number) => event('kill', 'a', { signal });
  const die = (exitCode: number) => event('die', 'a', { exitCode });

  // The sequences are those that Docker Engine 20.10.24 was seen to send.
  const sequences: readonly [title: string, events: readonly ContainerEvent[], healths: readonly string[]][] = [
    [
      'up, down',
      [plain('create'), plain('start'), healthy, kill(15), die(0), plain('stop'), plain('destroy')],
      ['stopped', 'starting', 'healthy', 'healthy', 'stopped', 'stopped', 'gone'],
    ],
    [
      'stop that takes too long',
      [plain('start'), kill(15), kill(9), die(137), plain('stop')],
      ['starting', 'starting', 'starting', 'stopped', 'stopped'],
    ],
    ['killed from outside', [plain('start'), kill(9), die(137)], ['starting', 'starting', 'exited']],
    ['out of memory', [plain('start'), plain('oom'), die(137)], ['starting', 'starting', 'exited']],
    [
      'restart',
      [plain('start'), healthy, kill(15), die(0), plain('stop'), plain('start'), plain('restart'), healthy],
      ['starting', 'healthy', 'healthy', 'stopped', 'stopped', 'starting', 'starting', 'healthy'],
    ],
    ['crash loop', [plain('start'), die(3), plain('start'), die(3)], ['starting', 'exited', 'starting', 'exited']],
    [
      'pause and unpause',
      [plain('start'), healthy, plain('pause'), plain('unpause'), healthy],
      ['starting', 'healthy', 'paused', 'starting', 'healthy'],
    ],
    [
      'pause and unpause, unhealthy',
      [plain('start'), unhealthy, plain('pause'), plain('unpause'), healthy],
      ['starting', 'unhealthy', 'paused', 'unhealthy', 'healthy'],
    ],
    [
      'health comes and goes',
      [plain('start'), healthy, unhealthy, healthy],
      ['starting', 'healthy', 'unhealthy', 'healthy'],
    ],
    [
      'a stop asked for before the last start does not excuse a crash',
      [plain('start'), kill(15), die(0), plain('stop'), plain('start'), die(1)],
      ['starting', 'starting', 'stopped', 'stopped', 'starting', 'exited'],
    ],
  ];
  for (const [title, events, expected] of sequences) {
    it(title, () => assert.deepEqual(healths(events), expected));
  }

  it('stop of one that waits to be restarted, which does not die again', () => {
    const waiting = container('a', { state: 'restarting', exitCode: 3 });
    assert.deepEqual(healths([plain('stop')], waiting), ['stopped']);
  });

  it('recreation: another container, under its final name after the rename', () => {
    const made = event('create', 'b');
    const temporary = { ...made, identity: { ...made.identity, name: 'bcb37836f07e_web-1' } };
    const before = applyEvent(undefined, temporary);
    assert.equal(before?.name, 'bcb37836f07e_web-1');
    const rename = event('rename', 'b');
    const after = applyEvent(before, { ...rename, identity: { ...rename.identity, name: 'web-1' } });
    assert.deepEqual(after, { ...before, name: 'web-1' });
  });

  it('a start does not unsay that there is no health check', () => {
    assert.equal(applyEvent(container('a'), plain('start'))?.healthCheck, 'none');
  });

  it('applied again changes nothing: it is the same object', () => {
    const all = [plain('create'), plain('start'), healthy, unhealthy, kill(15), kill(1), die(1), plain('stop')];
    all.push(plain('rename'), plain('pause'), plain('update'), plain('restart'), plain('something new'));
    for (const one of all) {
      const once = applyEvent(container('a', { healthCheck: 'starting' }), one);
      assert.equal(applyEvent(once, one), once, one.action);
    }
    assert.equal(applyEvent(undefined, plain('destroy')), undefined);
  });

  it('publishes nothing once it has ended', () => {
    const port = { target: 80, published: 8080, protocol: 'tcp' };
    const ended = applyEvent(container('a', { ports: [port] }), die(0));
    assert.deepEqual([ended?.ports, ended?.exitCode, ended?.healthCheck], [[], 0, 'none']);
  });
});

describe('needsListing and settles', () => {
  it('by action', () => {
    const actions = EVENT_FILTERS.event;
    assert.deepEqual(
      actions.filter((action) => needsListing(event(action, 'a'))),
      ['start', 'die', 'unpause', 'update'],
    );
    assert.deepEqual(
      actions.filter((action) => settles(event(action, 'a'))),
      ['stop', 'destroy'],
    );
  });
});
