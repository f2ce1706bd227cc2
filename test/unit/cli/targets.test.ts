import assert from 'node:assert/strict';
import type { CommandContext } from '../../../src/cli/commands/command';
import { copyPath } from '../../../src/cli/commands/cp';
import { chooseRunning, chooseTargets } from '../../../src/cli/targets';
import { UserError } from '../../../src/core/common/errors';
import { container, environment, folder, service } from './examples';

function complaint(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    assert(error instanceof UserError, String(error));
    return `${error.message} ${error.details.remedy}`;
  }
  assert.fail('nothing was thrown');
}

const web = service('web');
const [dev, test, e2e] = [environment('dev', { services: [web] }), environment('test'), environment('e2e')];
const all = [dev, test, e2e];
/** `dev+test: web db`, with a star when several were asked for. */
const meant = (
  operands: readonly string[],
  environments = all,
  how: { all?: boolean; takesServices?: boolean; takesCommands?: boolean } = {},
) => {
  const targets = chooseTargets(environments, operands, { folder, ...how });
  const names = targets.environments.map(({ definition }) => definition.name).join('+');
  return `${names}${targets.several ? '*' : ''}: ${targets.services.join(' ')}`;
};

describe('what the operands mean', () => {
  it('is an environment and its services', () => {
    assert.equal(meant(['dev', 'web', 'db']), 'dev: web db');
    assert.equal(meant(['development']), 'dev: ');
  });

  it('is several environments, joined by commas, each once', () => {
    assert.equal(meant(['dev,test', 'web']), 'dev+test*: web');
    assert.equal(meant(['dev,development,']), 'dev*: ');
    assert.match(
      complaint(() => meant([','])),
      /no environment ","/,
    );
    assert.match(
      complaint(() => meant(['dev,tset'])),
      /no environment "tset"\. Did you mean test\?/,
    );
  });

  it('is all of them with --all, and then only services can be named', () => {
    assert.equal(meant(['web'], all, { all: true }), 'dev+test+e2e*: web');
    assert.equal(meant([], [dev], { all: true }), 'dev*: ');
    assert.match(
      complaint(() => meant(['dev,test'], all, { all: true })),
      /"dev,test" is named, although --all/,
    );
    assert.match(
      complaint(() => meant([], [], { all: true })),
      /no compose files here/,
    );
  });

  it('is services of the only environment, when that is not named', () => {
    assert.equal(meant(['web'], [dev]), 'dev: web');
    assert.equal(meant(['dev', 'web'], [dev]), 'dev: web');
    assert.equal(meant([], [dev]), 'dev: ');
    assert.match(
      complaint(() => meant(['web'], [dev], { takesServices: false })),
      /no environment "web"/,
    );
    assert.match(
      complaint(() => meant(['web'])),
      /no environment "web"/,
    );
  });

  it('is never an environment where services are named, unless a service is called so', () => {
    assert.match(
      complaint(() => meant(['dev', 'test'])),
      /"test" is an environment, .* joined by commas: dev,test/,
    );
    const odd = environment('dev', { services: [service('test')] });
    assert.equal(meant(['dev', 'test'], [odd, test]), 'dev: test');
  });

  it('is a command that is called as an environment is, for what takes commands', () => {
    const commands = [{ name: 'test', kind: 'test', command: ['npm', 'test'] }] as const;
    const definition = { ...dev.definition, knowledge: { evidence: [], problems: [], commands } };
    const tested = [{ ...dev, definition }, test];
    assert.equal(meant(['dev', 'test'], tested, { takesCommands: true }), 'dev: test');
    assert.match(
      complaint(() => meant(['dev', 'test'], tested)),
      /"test" is an environment/,
    );
  });
});

describe('the running service that is meant', () => {
  const context = { options: {} } as CommandContext;
  const two = environment('dev', {
    services: [web, service('db'), service('idle')],
    containers: [container('web'), container('db')],
  });

  it('is the only one that fits', () => {
    const fits = ({ name }: { name: string }) => name === 'db';
    assert.equal(chooseRunning(context, two, undefined, { fits }).name, 'db');
    assert.equal(chooseRunning(context, two, 'web', { fits }).name, 'web');
  });

  it('must run, and must be clear', () => {
    assert.match(
      complaint(() => chooseRunning(context, two, undefined)),
      /In which service\? Running in dev: db, web\./,
    );
    assert.match(
      complaint(() => chooseRunning(context, two, 'idle')),
      /"idle" of dev does not run\. To start it: berth up dev idle/,
    );
    assert.match(
      complaint(() => chooseRunning(context, two, undefined, { fits: () => false, none: 'No database' })),
      /^No database of dev runs\. To start it: berth up dev/,
    );
  });
});

describe('an end of a copy', () => {
  it('is in a container when it says so as docker cp has it, else a file here', () => {
    assert.deepEqual(copyPath('web:/app/a b', '/projects', 2), { service: 'web', path: '/app/a b', index: 2 });
    assert.deepEqual(copyPath('web:', '/projects'), { service: 'web', path: '', index: undefined });
    assert.deepEqual(copyPath('./a:b', '/projects', 2), { path: '/projects/a:b' });
    assert.deepEqual(copyPath('/a:b', '/projects'), { path: '/a:b' });
    assert.deepEqual(copyPath('a b', '/projects'), { path: '/projects/a b' });
  });

  it('keeps the ending that tells a folder from what is in it', () => {
    assert.deepEqual(copyPath('out/', '/projects'), { path: '/projects/out/' });
    assert.deepEqual(copyPath('out/.', '/projects'), { path: '/projects/out/.' });
    assert.deepEqual(copyPath('.', '/projects'), { path: '/projects' });
    assert.deepEqual(copyPath('/', '/projects'), { path: '/' });
  });
});
