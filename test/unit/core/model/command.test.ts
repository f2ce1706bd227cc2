import assert from 'node:assert/strict';
import { commandsOf, type EnvironmentCommand, joined, mainTest } from '../../../../src/core/model/command';

function command(name: string, words: string, change: Partial<EnvironmentCommand> = {}): EnvironmentCommand {
  return { name, kind: 'test', command: words.split(' '), service: 'api', ...change };
}
const named = (commands: readonly EnvironmentCommand[]) =>
  commands.map((one) => `${one.name}: ${one.command.join(' ')}`);

describe('commands of an environment', () => {
  const unit = command('unit', 'pytest tests/unit');
  const test = command('test', 'pytest');
  const migrate = command('migrate', 'alembic upgrade head', { kind: 'setup' });

  it('are found by their kind, in their order', () => {
    assert.deepEqual(commandsOf([unit, migrate, test], 'test'), [unit, test]);
    assert.deepEqual(commandsOf([unit, migrate, test], 'task'), []);
  });

  it('have a main one for tests: the one that is called so, or the first', () => {
    assert.equal(mainTest([unit, test]), test);
    assert.equal(mainTest([migrate, unit]), unit);
    assert.equal(mainTest([migrate, command('test', 'make', { kind: 'task' })]), undefined);
  });

  it('of several origins are each there once, as the strongest calls them', () => {
    const declared = [unit];
    const observed = [command('make-unit', 'pytest tests/unit'), test];
    assert.deepEqual(joined(declared, observed), [unit, test]);
    const differ: Partial<EnvironmentCommand>[] = [
      { service: 'web' },
      { service: undefined },
      { inNewContainer: true },
      { directory: '/app' },
      { user: 'app' },
    ];
    for (const change of differ)
      assert.equal(joined(declared, [command('other', 'pytest tests/unit', change)]).length, 2);
  });

  it('keep two names for one command that one origin gives both', () => {
    assert.deepEqual(named(joined([command('a', 'pytest'), command('b', 'pytest')])), ['a: pytest', 'b: pytest']);
  });

  it('that are called alike are told apart by the last word, or by a number', () => {
    const words = [
      'pytest',
      'pytest --cov',
      'pytest -k --cov',
      'pytest -x --cov',
      'pytest -m --',
      'pytest tests/unit.py',
    ];
    assert.deepEqual(
      joined(words.map((one) => command('tests', one))).map(({ name }) => name),
      ['tests', 'tests-cov', 'tests-2', 'tests-3', 'tests-4', 'tests-tests'],
    );
  });
});
