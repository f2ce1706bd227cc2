import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { parseCommandLine } from '../../../../src/cli/commandLine';
import { commandNamed } from '../../../../src/cli/commands';
import { OPTIONS } from '../../../../src/cli/options';
import { UserError } from '../../../../src/core/common/errors';
import {
  TASK_OPERATIONS,
  TASK_TYPE,
  taskName,
  taskRequest,
  taskWords,
} from '../../../../src/extension/tasks/taskWords';
import { repositoryRoot } from '../../../support/paths';

function refusal(definition: Readonly<Record<string, unknown>>): string {
  try {
    taskRequest({ type: TASK_TYPE, ...definition });
  } catch (error) {
    assert.ok(error instanceof UserError && error.kind === 'usage', String(error));
    return `${error.message} ${error.details.remedy}`;
  }
  assert.fail('It was accepted.');
}

describe('tasks in tasks.json', () => {
  const everything = {
    environment: 'test',
    command: 'unit',
    services: ['api', 'db'],
    args: ['-k', 'log in'],
    build: true,
    keep: true,
    useRunning: true,
    env: { LEVEL: 'a b', EMPTY: '' },
    timeout: '10m',
  };

  it('are command lines that berth takes', () => {
    const request = taskRequest({ type: TASK_TYPE, ...everything });
    assert.deepEqual(request, everything);
    assert.deepEqual(parseCommandLine(taskWords(request, '/shop')), {
      kind: 'command',
      command: 'test',
      operands: ['test', 'unit'],
      words: ['-k', 'log in'],
      options: {
        build: true,
        keep: true,
        'use-running': true,
        service: ['api', 'db'],
        env: ['LEVEL=a b', 'EMPTY='],
        timeout: '10m',
        directory: '/shop',
      },
    });
  });

  it('are operations on services, with further options', () => {
    const request = taskRequest({
      environment: 'dev',
      operation: 'up',
      services: ['web'],
      build: true,
      args: ['--profile', 'tools'],
    });
    assert.deepEqual(taskWords(request, '/shop'), [
      'up',
      '--build',
      '--profile',
      'tools',
      '-C',
      '/shop',
      '--',
      'dev',
      'web',
    ]);
    for (const operation of TASK_OPERATIONS) {
      assert.equal(taskWords(taskRequest({ environment: 'dev', operation }), '/shop')[0], operation);
    }
  });

  it('are about nothing else than they name, whatever further words an operation is given', () => {
    const words = (operation: string, ...args: readonly string[]) =>
      taskWords(taskRequest({ environment: 'dev', operation, services: ['-v'], args }), '/shop');
    for (const [operation, ...args] of [
      ['down', '--volumes', '--yes'],
      ['down', '-vy', '-C/elsewhere'],
      ['up', '--profile', 'tools'],
      ['up', '--profile=tools'],
    ] as const) {
      const line = parseCommandLine(words(operation, ...args));
      assert.ok(line.kind === 'command');
      assert.deepEqual([line.operands, line.options.directory], [['dev', '-v'], '/shop']);
    }
    for (const args of [
      ['web', '--volumes', '--yes'],
      ['--volumes', 'web'],
      ['--profile', 'tools', 'web'],
      ['--', 'web'],
      ['--profile', '--', 'web'],
      ['-'],
      ['--project', 'blog'],
      ['--project=blog'],
    ]) {
      assert.throws(
        () => words('down', ...args),
        /^UserError: "args" of an operation are options, and ".*" can't be one\.$/,
      );
    }
  });

  it('have values of options as the command line does', () => {
    const withValue = new Set(
      TASK_OPERATIONS.flatMap((operation) => commandNamed(operation).options).filter(
        (name) => OPTIONS[name].type === 'string' && name !== 'project',
      ),
    );
    assert.deepEqual([...withValue], ['profile', 'timeout', 'junit']);
  });

  it('have no name that would be an option', () => {
    assert.throws(() => taskWords({ environment: '--keep' }, '/shop'), /"--keep" would be taken for an option/);
    assert.throws(() => taskWords({ environment: 'test', command: '-h' }, '/shop'), /"-h" would be taken/);
    const line = parseCommandLine(taskWords({ environment: 'test', services: ['--keep'], timeout: '1m' }, '/shop'));
    assert.ok(line.kind === 'command');
    assert.deepEqual(line.options, { service: ['--keep'], timeout: '1m', directory: '/shop' });
  });

  it('are commands that are no tests, in the environment that is up', () => {
    const request = taskRequest({
      environment: 'dev',
      command: 'seed',
      args: ['--rows', '9'],
      env: { LOCALE: 'sv' },
      keep: false,
    });
    const words = taskWords(request, '/shop', 'task');
    assert.deepEqual(words, ['run', '--env=LOCALE=sv', '-C', '/shop', 'dev', 'seed', '--', '--rows', '9']);
    assert.equal(parseCommandLine(words).kind, 'command');
    for (const name of ['keep', 'build', 'useRunning', 'timeout', 'services'] as const) {
      assert.throws(
        () => taskWords({ ...request, [name]: everything[name] }, '/shop', 'setup'),
        new RegExp(`"${name}" is for tests, and "seed" is none`),
      );
    }
  });

  it('leave out what is not said', () => {
    assert.deepEqual(taskWords(taskRequest({ environment: 'test', keep: false }), '/shop'), [
      'test',
      '-C',
      '/shop',
      'test',
    ]);
  });

  it('are called as they would be typed', () => {
    assert.equal(taskName({ environment: 'dev', operation: 'up' }), 'up dev');
    assert.equal(taskName({ environment: 'dev', operation: 'restart', services: ['web'] }), 'restart dev web');
    assert.equal(taskName({ environment: 'test', command: 'unit' }), 'test test unit');
    assert.equal(taskName({ environment: 'test' }), 'test test');
    assert.equal(taskName({ environment: 'dev', command: 'migrate' }, 'setup'), 'run dev migrate');
  });

  it('are refused in words where they make no sense', () => {
    assert.equal(refusal({}), 'The task names no environment. Correct "environment" in tasks.json.');
    assert.equal(
      refusal({ environment: 'dev', operation: 'upp' }),
      `"operation" of the task is not one of: ${TASK_OPERATIONS.join(', ')}. Correct "operation" in tasks.json.`,
    );
    assert.match(refusal({ environment: 'dev', command: 'unit', operation: 'up' }), /has a command and an operation/);
    assert.match(refusal({ environment: 'dev', operation: 'up', keep: true }), /^"keep" is for tests/);
    assert.match(refusal({ environment: 'dev', operation: 'up', env: {} }), /^"env" is for commands/);
    assert.match(refusal({ environment: 'dev', operation: 'up', timeout: '1m' }), /^"timeout" is for tests/);
    assert.match(refusal({ environment: 'test', services: 'api' }), /"services" of the task is not a list of texts/);
    assert.match(refusal({ environment: 'test', env: { A: 1 } }), /"env" of the task is not names with texts/);
    assert.match(refusal({ environment: 'test', build: 'yes' }), /"build" of the task is not true or false/);
    assert.match(refusal({ environment: ['test'] }), /"environment" of the task is not a text/);
  });

  it('have a schema with the same properties and operations', () => {
    const manifest = JSON.parse(fs.readFileSync(path.join(repositoryRoot, 'package.json'), 'utf8'));
    const [schema, ...more] = manifest.contributes.taskDefinitions;
    assert.deepEqual(more, []);
    assert.equal(schema.type, TASK_TYPE);
    assert.deepEqual(schema.required, ['environment']);
    assert.deepEqual(schema.properties.operation.enum, TASK_OPERATIONS);
    assert.deepEqual(Object.keys(schema.properties).sort(), [...Object.keys(everything), 'operation'].sort());
    for (const [name, { description }] of Object.entries<{ description?: string }>(schema.properties)) {
      assert.equal(description, `%task.${name}%`);
    }
  });
});
