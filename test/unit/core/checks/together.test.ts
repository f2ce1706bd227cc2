import assert from 'node:assert/strict';
import { canRunTogether, clashesOf, severityOf, type Together } from '../../../../src/core/checks/across/together';
import type { CheckedEnvironment } from '../../../../src/core/checks/check';
import { type EnvironmentDefinition, purposeOfName } from '../../../../src/core/model/environment';
import { definition, project } from '../support/examples';

type More = Partial<EnvironmentDefinition> & { readonly isOnCiOnly?: boolean };

/** An environment of one set-up in `/app`, in a project of its own, inferred from names. */
function environment(name: string, { isOnCiOnly = false, ...more }: More = {}): CheckedEnvironment {
  const purpose = purposeOfName(name);
  const files = ['/app/compose.yaml', `/app/compose.${name}.yaml`];
  const usual = { id: name, name, purpose, files, projectDirectory: '/app', workspaceFolder: '/app' };
  return {
    definition: definition({ ...usual, projectName: `app-${name}`, origin: 'inferred', ...more }),
    isOnCiOnly,
    warnings: [],
    sources: [],
    takenIn: [],
    envFiles: [],
  };
}

/** Asked both ways: the answer must be the same. */
function together(a: Together, b: Together): boolean {
  assert.equal(canRunTogether(a, b), canRunTogether(b, a));
  return canRunTogether(a, b);
}

const [dev, test] = [environment('dev'), environment('test')];

describe('environments that can run together', () => {
  it('are those for development and for tests of one set-up', () => {
    assert.equal(together(dev, test), true);
    assert.equal(together(dev, dev), false);
  });

  it('are on one engine, in two projects, and two', () => {
    assert.equal(together(dev, environment('test', { context: 'elsewhere' })), false);
    assert.equal(
      together(environment('dev', { engine: 'a', context: 'x' }), environment('test', { engine: 'a' })),
      true,
    );
    assert.equal(together(dev, environment('test', { projectName: 'app-dev' })), false);
    const again = environment('test', { id: 'inner/test', workspaceFolder: '/app/inner' });
    assert.equal(together(test, again), false);
  });

  it('are run here: a CI only where somebody runs it here, and not beside the tests that it is made of', () => {
    const observed = { origin: 'observed' } as const;
    assert.equal(together(dev, environment('ci')), false);
    assert.equal(together(dev, environment('ci', observed)), true);
    assert.equal(together(dev, environment('ci', { ...observed, isOnCiOnly: true })), false);
    const files = [...test.definition.files, '/app/compose.ci.yaml'];
    assert.equal(together(test, environment('ci', observed)), true);
    assert.equal(together(test, environment('ci', { ...observed, files })), false);
    assert.equal(together(dev, environment('prod', observed)), false);
    assert.equal(together(dev, environment('gpu', observed)), false);
  });

  it('are what berth.yaml says, production and others included; variants of one purpose are not', () => {
    const origin = 'declared';
    const declared = environment('dev', { origin });
    assert.equal(together(declared, environment('prod', { origin })), true);
    assert.equal(together(declared, environment('gpu', { origin })), true);
    assert.equal(together(declared, environment('prod')), false);
    assert.equal(together(declared, environment('prod', { origin, context: 'production' })), false);
    const withServices = (one: CheckedEnvironment, ...names: readonly string[]) => ({
      ...one,
      project: project(...names),
    });
    const debug = environment('dev-debug', { origin, purpose: 'development' });
    assert.equal(together(withServices(declared, 'web', 'db'), withServices(debug, 'web')), false);
    assert.equal(together(withServices(declared, 'web', 'db'), withServices(debug, 'mail')), true);
    assert.equal(together(dev, environment('dev-debug', { purpose: 'development' })), false);
    const named = (name: string) =>
      withServices(environment(name, { origin, purpose: 'test', projectName: name, usualProject: name }), 'web');
    const unnamed = { origin, purpose: 'test', projectName: 'app-load', usualProject: 'app' } as const;
    assert.equal(together(named('e2e'), named('load')), true);
    assert.equal(together(named('e2e'), withServices(environment('load', unnamed), 'web')), false);
  });

  it('belong to each other: by folder, by files, or by commands', () => {
    const elsewhere = { projectDirectory: '/app/examples/a', files: ['/app/examples/a/compose.test.yaml'] };
    assert.equal(together(dev, environment('test', elsewhere)), false);
    assert.equal(together(dev, environment('test', { ...elsewhere, files: [...dev.definition.files] })), true);
    const origin = 'observed';
    assert.equal(together(environment('dev', { origin }), environment('test', { ...elsewhere, origin })), true);
  });
});

describe('what environments have in common', () => {
  const clashes = (environments: readonly CheckedEnvironment[]) =>
    clashesOf(
      environments,
      ({ definition: { name } }) => (name === 'dev' ? ['port', 'dev alone'] : ['port']),
      (thing) => thing,
    );

  it('is told of the one that gives way: tests to development, whatever the order', () => {
    for (const order of [
      [dev, test],
      [test, dev],
    ]) {
      assert.deepEqual(
        clashes(order).map(({ environment: one, thing, others }) => [
          one.definition.name,
          thing,
          ...others.map((other) => other.environment.definition.name),
        ]),
        [['test', 'port', 'dev']],
      );
    }
  });

  it('is a remark where the commands of both put them into one project, one in the place of the other', () => {
    const commanded = { origin: 'observed', usualProject: 'app' } as const;
    const severities = (...environments: readonly CheckedEnvironment[]) => clashes(environments).map(severityOf);
    assert.deepEqual(severities(dev, test), ['warning']);
    assert.deepEqual(severities(environment('dev', commanded), environment('test', commanded)), ['info']);
    assert.deepEqual(
      severities(environment('dev', commanded), environment('test', { ...commanded, usualProject: 'app-test' })),
      ['warning'],
    );
  });
});
