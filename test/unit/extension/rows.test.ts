import assert from 'node:assert/strict';
import path from 'node:path';
import { UserError } from '../../../src/core/common/errors';
import type { ConfigurationWarning } from '../../../src/core/model/project';
import { buildSnapshot } from '../../../src/core/model/snapshot';
import { WARNING_ICON } from '../../../src/extension/views/icons';
import { environmentRow, problemRows, serviceRow } from '../../../src/extension/views/rows';
import { container, environment, folder, service } from '../cli/examples';
import { running } from './examples';

const web = service('web', {
  ports: [
    { target: 80, published: 8080, protocol: 'tcp' },
    { target: 80, published: 8080, hostIp: '127.0.0.1', protocol: 'tcp' },
    { target: 53, published: 53, protocol: 'udp' },
    { target: 9000, protocol: 'tcp' },
  ],
});
const tool = service('tool', { profiles: ['tools'] });

describe('rows of the Environments view', () => {
  const dev = environment('dev', { services: [tool, web], containers: [container('web')] });
  const rowOf = (name: string, of = dev) => {
    const found = of.services.find((one) => one.name === name);
    assert.ok(found);
    return serviceRow(found, of, undefined);
  };

  it('say of an environment how it is, to eyes and ears', () => {
    const row = environmentRow(dev, undefined);
    assert.equal(row.description, 'healthy · 1/1');
    assert.equal(row.accessibleLabel, 'dev, environment for development, healthy, 1 of 1 services ready');
    assert.deepEqual(row.icon, { id: 'code', colour: 'testing.iconPassed' });
    assert.deepEqual(
      row.tooltip.facts.map(({ name, value }) => `${name}: ${value}`),
      [
        'Purpose: development',
        'Project: shop',
        'Compose files: compose.yaml',
        'Services: tool, web',
        'Origin: from the names of its files',
      ],
    );
  });

  it('say beside the health that something is wrong with the files, and where', () => {
    const place = { file: path.join(folder, 'compose.yaml'), line: 3 };
    const error = new UserError('configuration', 'Invalid YAML.', { place, remedy: 'Correct it.' });
    const warnings: ConfigurationWarning[] = [
      { code: 'unset-variable', message: 'X is not set.', remedy: 'Set it.', place },
    ];
    const runs = { services: [web], containers: [container('web')] };
    const described = (name: string, more: Parameters<typeof environment>[1]) => {
      const one = environment(name, more);
      return [environmentRow(one, undefined).description, ...problemRows(one).map((row) => row.accessibleLabel)];
    };
    const errorLabel = 'Error, Invalid YAML., compose.yaml:3';
    assert.deepEqual(described('dev', { ...runs, error }), ['healthy · 1/1 · error in its files', errorLabel]);
    assert.deepEqual(described('dev', { error }), ['error in its files', errorLabel]);
    assert.deepEqual(described('dev', { error, connected: false }), ['unknown · error in its files', errorLabel]);
    assert.deepEqual(described('dev', { ...runs, warnings }), [
      'healthy · 1/1 · warning in its files',
      'Warning, X is not set., compose.yaml:3',
    ]);
    assert.deepEqual(described('dev', { warnings })[0], 'stopped · warning in its files');
    const missing = new UserError('docker-missing', 'No Compose.');
    assert.deepEqual(described('dev', { error: missing }), ['error', 'Error, No Compose.']);
    const row = environmentRow(environment('dev', { ...runs, error }), undefined);
    assert.equal(
      row.accessibleLabel,
      'dev, environment for development, healthy, 1 of 1 services ready, error in its files',
    );
    assert.deepEqual(row.tooltip.facts[0], { name: 'Error', value: 'Invalid YAML.' });
    const [warning] = problemRows(environment('dev', { warnings }));
    assert.deepEqual([warning?.icon, warning?.click], [WARNING_ICON, { kind: 'open', place }]);
  });

  it('say how Berth knows an environment, with the places in the files', () => {
    const file = (name: string) => path.join(folder, name);
    const evidence = [
      { label: 'berth.yaml', place: { file: file('berth.yaml'), line: 3 } },
      { label: 'make dev-up', place: { file: file('Makefile'), line: 12 } },
      ...[5, 6, 7, 8].map((line) => ({ label: `npm run up${line}`, place: { file: file('package.json'), line } })),
    ];
    const told = buildSnapshot(
      { ...dev.definition, origin: 'declared', knowledge: { evidence, commands: [], problems: [] } },
      dev.resolution,
      [],
      true,
    );
    const origin = environmentRow(told, undefined).tooltip.facts.at(-1);
    assert.equal(
      origin?.value,
      'declared in berth.yaml:3; run by make dev-up (Makefile:12), npm run up5 (package.json:5), ' +
        'npm run up6 (package.json:6), npm run up7 (package.json:7) and 1 more',
    );
    assert.deepEqual(
      origin?.parts?.flatMap(({ place }) => place ?? []),
      evidence.slice(0, 5).map(({ place }) => place),
    );
  });

  it('say which context an environment is on, where it is not the usual one', () => {
    const row = environmentRow(environment('dev', { context: 'remote' }), undefined);
    assert.equal(row.description, 'stopped · context remote');
    assert.equal(row.accessibleLabel, 'dev, environment for development, stopped, context remote');
  });

  it('say nothing of files where only commands do something that is hardly meant', () => {
    const problems: ConfigurationWarning[] = [
      { code: 'same-project', message: 'Its own commands put "dev" into the project of "test".', remedy: '' },
    ];
    const shared = buildSnapshot(
      { ...dev.definition, knowledge: { evidence: [], commands: [], problems } },
      dev.resolution,
      [],
      true,
    );
    assert.equal(environmentRow(shared, undefined).description, 'stopped · warning');
  });

  it('say of a service its ports once each, and what it is part of', () => {
    assert.equal(rowOf('web').description, 'healthy · 8080, 53/udp');
    assert.equal(rowOf('web').accessibleLabel, 'web, service, healthy, published ports: 8080, 53/udp');
    assert.equal(rowOf('tool').description, 'stopped (profile tools)');
    assert.equal(rowOf('tool').tooltip.text, 'stopped: no container yet');
  });

  it('say in the tooltip what a service is made of, and nothing of its configuration', () => {
    assert.deepEqual(
      rowOf('web').tooltip.facts.map(({ name, value }) => `${name}: ${value}`),
      ['Image: web:1', 'Ports: 8080 → 80, 53 → 53/udp', 'Containers: shop-web-1 (running)'],
    );
  });

  it('count the containers of a service that has several', () => {
    const scaled = environment('dev', {
      services: [web],
      containers: [container('web'), container('web', { id: 'second', name: 'shop-web-2' })],
    });
    assert.match(rowOf('web', scaled).description ?? '', /^healthy · 2 containers · /);
  });

  it('have the buttons that fit', () => {
    const buttons = (value: string) => [...value.matchAll(/inline-(\w+)/g)].map(([, name]) => name);
    const stopped = environment('dev', { services: [web] });
    const partly = environment('dev', { services: [web, service('db')], containers: [container('web')] });
    assert.deepEqual(buttons(environmentRow(stopped, undefined).contextValue), ['up']);
    assert.deepEqual(buttons(environmentRow(dev, undefined).contextValue), ['stop', 'down']);
    assert.deepEqual(buttons(environmentRow(partly, undefined).contextValue), ['stop', 'up', 'down']);
    assert.deepEqual(buttons(environmentRow(dev, running('up', dev).request).contextValue), ['cancelOperation']);
    assert.deepEqual(buttons(rowOf('web').contextValue), ['stop', 'logs']);
    assert.deepEqual(buttons(rowOf('tool').contextValue), ['up']);
    const [, busy] = dev.services;
    assert.ok(busy);
    assert.deepEqual(buttons(serviceRow(busy, dev, running('stop', dev, ['web']).request).contextValue), ['logs']);
  });

  it('never change whether they start out expanded', () => {
    const stopped = environment('dev', { services: [web] });
    assert.equal(environmentRow(stopped, undefined).expanded, environmentRow(dev, undefined).expanded);
  });
});
