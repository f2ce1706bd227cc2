import assert from 'node:assert/strict';
import { UserError } from '../../../../src/core/common/errors';
import type { Container } from '../../../../src/core/model/container';
import { ComposeConfig } from '../../../../src/core/model/project';
import {
  buildSnapshot,
  type EnvironmentSnapshot,
  type Resolution,
  serviceCounts,
  tellingContainer,
} from '../../../../src/core/model/snapshot';
import { definition, project, service } from '../support/examples';
import { container } from '../support/fakeEngine';

const dev = definition();
const web = container('app-web-1', { healthCheck: 'healthy' });
const db = container('app-db-1', { service: 'db', healthCheck: 'healthy' });
const pending: Resolution = { kind: 'pending', services: ['web', 'db'] };
const resolved: Resolution = { kind: 'resolved', project: project('db', 'web') };

const build = (
  containers: readonly Container[],
  {
    resolution = resolved,
    connected = true,
    before,
  }: { resolution?: Resolution; connected?: boolean; before?: EnvironmentSnapshot } = {},
) => buildSnapshot(dev, resolution, containers, connected, before);
const healths = ({ health, services }: EnvironmentSnapshot) =>
  [health, ...services.map((one) => `${one.name} ${one.health}${one.declared ? '' : ' (not declared)'}`)].join(', ');

describe('buildSnapshot', () => {
  it('shows declared services, started or not, by name', () => {
    assert.equal(healths(build([])), 'stopped, db stopped, web stopped');
    assert.equal(healths(build([web])), 'healthy, db stopped, web healthy');
    assert.equal(build([]).projectName, 'app');
  });

  it('shows services that only containers know, and leaves out what "run" made', () => {
    const orphan = container('app-old-1', { service: 'old' });
    const run = container('app-web-run-1', { oneOff: true, healthCheck: 'unhealthy' });
    assert.equal(healths(build([web, orphan, run])), 'running, db stopped, old running (not declared), web healthy');
  });

  it('has the containers of a service in the order of their numbers', () => {
    const containers = [10, 9, 2].map((number) => container(`app-web-${number}`, { number }));
    const [, service] = build(containers).services;
    assert.deepEqual(
      service?.containers.map(({ number }) => number),
      [2, 9, 10],
    );
  });

  it('takes ports and image from what runs, else from the files', () => {
    const declared = { target: 80, published: 8080, protocol: 'tcp' };
    const live = { target: 80, published: 32768, protocol: 'tcp' };
    const resolution: Resolution = { kind: 'resolved', project: project(service('web', { ports: [declared] })) };
    assert.deepEqual(build([], { resolution }).services[0]?.ports, [declared]);
    assert.deepEqual(build([{ ...web, ports: [live] }], { resolution }).services[0]?.ports, [live]);
    assert.equal(build([{ ...web, image: 'other' }], { resolution: pending }).services[1]?.image, 'other');
  });

  it('is unknown while the engine is', () => {
    assert.equal(healths(build([web, db], { connected: false })), 'unknown, db unknown, web unknown');
  });

  it('by resolution: pending, text only, broken with and without what was good', () => {
    assert.equal(healths(build([web], { resolution: pending })), 'healthy, db stopped, web healthy');
    assert.equal(healths(build([], { resolution: pending })), 'unknown, db unknown, web unknown');
    assert.equal(
      healths(buildSnapshot(definition({ projectName: 'own' }), pending, [], true)),
      'stopped, db stopped, web stopped',
    );
    assert.equal(
      healths(build([], { resolution: { kind: 'text-only', services: ['x', 'a'] } })),
      'stopped, a stopped, x stopped',
    );
    const error = new UserError('configuration', 'no');
    assert.equal(healths(build([], { resolution: { kind: 'broken', error } })), 'stopped');
    const broken: Resolution = { kind: 'broken', error, lastGood: project('db', 'web') };
    const snapshot = build([web], { resolution: broken });
    assert.equal(healths(snapshot), 'healthy, db stopped, web healthy');
    assert.equal(snapshot.projectName, 'app');
  });

  it('knows the project from its containers when nothing else tells', () => {
    assert.equal(build([web], { resolution: pending }).projectName, 'app');
    assert.equal(build([], { resolution: pending }).projectName, undefined);
    assert.equal(buildSnapshot(definition({ projectName: 'own' }), resolved, [], true).projectName, 'own');
  });

  describe('from the one before', () => {
    const before = build([web, db]);

    it('is the same object when nothing changed, whatever was made anew', () => {
      assert.equal(build([db, web], { before }), before);
      assert.equal(build([web, db], { before, resolution: resolved }), before);
    });

    it('shares what did not change', () => {
      const after = build([{ ...web, healthCheck: 'unhealthy' }, db], { before });
      assert.notEqual(after, before);
      assert.equal(after.services[0], before.services[0]);
      assert.notEqual(after.services[1], before.services[1]);
      assert.equal(after.resolution, before.resolution);
    });

    it('shares the services when only the resolution changed', () => {
      const broken: Resolution = {
        kind: 'broken',
        error: new UserError('configuration', 'no'),
        lastGood: resolved.kind === 'resolved' ? resolved.project : undefined,
      };
      const after = build([web, db], { before, resolution: broken });
      assert.notEqual(after, before);
      assert.equal(after.services, before.services);
    });

    it('changes with a service that comes or goes', () => {
      const more = build([web, db, container('x', { service: 'x' })], { before });
      assert.deepEqual(
        more.services.map((one) => before.services.includes(one)),
        [true, true, false],
      );
      assert.equal(build([web, db], { before: more }).services.length, 2);
    });

    it('changes to unknown, and back', () => {
      const unknown = build([web, db], { before, connected: false });
      assert.equal(healths(unknown), 'unknown, db unknown, web unknown');
      assert.deepEqual(build([web, db], { before: unknown }), before);
    });
  });
});

describe('serviceCounts', () => {
  it('expects what "up" starts and what runs', () => {
    const resolution: Resolution = {
      kind: 'resolved',
      project: project('db', 'web', service('tool', { profiles: ['tools'] })),
    };
    assert.deepEqual(serviceCounts(build([web], { resolution })), { ready: 1, expected: 2 });
    const tool = container('t', { service: 'tool', healthCheck: 'starting' });
    assert.deepEqual(serviceCounts(build([web, db, tool], { resolution })), { ready: 2, expected: 3 });
    assert.deepEqual(serviceCounts(build([web, db], { resolution, connected: false })), { ready: 0, expected: 2 });
  });

  it('expects services of active profiles, and none that is to have no containers', () => {
    const tool = service('tool', { profiles: ['tools'] });
    const resolution: Resolution = {
      kind: 'resolved',
      project: {
        name: 'app',
        services: [service('web'), tool, service('idle', { replicas: 0 })],
        config: new ComposeConfig({}),
      },
    };
    const expected = (profiles: readonly string[]) =>
      serviceCounts(buildSnapshot(definition({ profiles }), resolution, [], true)).expected;
    assert.deepEqual([expected([]), expected(['tools'])], [1, 2]);
  });
});

describe('tellingContainer', () => {
  it('is the worst one', () => {
    const bad = container('app-web-2', { state: 'exited', exitCode: 1 });
    const [, service] = build([web, bad], { resolution: pending }).services;
    assert.ok(service);
    assert.equal(tellingContainer(service), bad);
    assert.equal(tellingContainer({ ...service, containers: [] }), undefined);
  });
});
