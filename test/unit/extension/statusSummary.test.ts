import assert from 'node:assert/strict';
import path from 'node:path';
import { UserError } from '../../../src/core/common/errors';
import { buildSnapshot, type EnvironmentSnapshot } from '../../../src/core/model/snapshot';
import { statusSummary } from '../../../src/extension/views/statusSummary';
import { container, environment, service } from '../cli/examples';
import { running } from './examples';

const services = [service('db'), service('web')];
const up = [container('db'), container('web')];
const summary = (...environments: EnvironmentSnapshot[]) => {
  const made = statusSummary(environments, []);
  return made && `${made.severity}: ${made.text}`;
};

describe('what the status bar says', () => {
  const dev = environment('dev', { services, containers: up });
  const test = environment('test', { services, containers: up });
  const stopped = environment('test', { services });

  it('is nothing when there are no environments', () => assert.equal(summary(), undefined));

  it('is about the one for development when nothing runs', () => {
    assert.equal(summary(stopped, environment('dev', { services })), 'normal: $(circle-outline) dev stopped');
  });

  it('is about what runs, and counts what else does', () => {
    assert.equal(summary(environment('dev', { services }), test), 'normal: $(pass-filled) test healthy');
    assert.equal(summary(dev, test), 'normal: $(pass-filled) dev healthy +1');
  });

  it('is about the worst of what runs, and names what fails', () => {
    const failing = environment('test', {
      services,
      containers: [container('db'), container('web', { healthCheck: 'unhealthy' })],
    });
    assert.equal(summary(dev, failing), 'error: $(error) test unhealthy: web +1');
  });

  it('counts while it is on the way', () => {
    const starting = environment('dev', {
      services,
      containers: [container('db'), container('web', { healthCheck: 'starting' })],
    });
    assert.equal(summary(starting, stopped), 'normal: $(sync~spin) dev starting 1/2');
    const made = statusSummary([dev, stopped], [running('up', stopped)]);
    assert.equal(made?.text, '$(sync~spin) test bringing up… 0/2 +1');
    assert.equal(made?.spoken, 'Berth: environment test bringing up…, 0 of 2 services ready, 1 more running');
    assert.equal(statusSummary([dev], [running('down', dev)])?.text, '$(sync~spin) dev taking down…');
  });

  it('counts when only a part of it runs', () => {
    assert.equal(
      summary(environment('dev', { services, containers: [container('db')] })),
      'normal: $(pass-filled) dev healthy 1/2',
    );
  });

  it('is that its files are still read', () => {
    const { definition } = dev;
    const reading = buildSnapshot(definition, { kind: 'pending', services: ['db'] }, [], true);
    assert.equal(summary(reading), 'normal: $(sync~spin) dev reading its files…');
  });

  it('is that nothing is known while the engine is lost', () => {
    assert.equal(
      summary(environment('dev', { services, containers: up, connected: false })),
      'normal: $(question) dev unknown',
    );
  });

  it('is that its files have an error', () => {
    const error = new UserError('configuration', 'Invalid YAML.');
    assert.equal(
      summary(environment('dev', { error, containers: up })),
      'warning: $(pass-filled) dev healthy · error in its files',
    );
  });

  it('names the workspace folder where names are not enough', () => {
    const elsewhere = { ...dev.definition, id: 'other', workspaceFolder: path.resolve('/projects/billing') };
    const other = buildSnapshot(elsewhere, dev.resolution, [], true);
    assert.equal(summary(other, dev), 'normal: $(pass-filled) shop: dev healthy');
  });
});
