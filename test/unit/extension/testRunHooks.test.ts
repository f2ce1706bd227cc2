import assert from 'node:assert/strict';
import { UserError } from '../../../src/core/common/errors';
import type { TestRunResult } from '../../../src/core/runs/testRun';
import { colourVariables, testRunHooks } from '../../../src/extension/tests/runHooks';
import { caseWords, errorWords, failureWords } from '../../../src/extension/tests/testWords';

const shell = (script: string) => ({ command: 'sh', args: ['-c', script], cwd: '/' });

describe('how the extension takes part in a test run', () => {
  it('shows what a program prints as it comes, empty lines and colours included, and gives its exit code', async () => {
    const shown: string[] = [];
    const hooks = testRunHooks({ run: () => assert.fail() }, (text) => shown.push(text));
    const call = shell("printf '\\033[31ma\\033[0m\\n\\nb'; echo c >&2; exit 3");
    assert.equal(await hooks.runProgram(call, new AbortController().signal), 3);
    assert.ok(shown.join('').includes('\u001b[31ma\u001b[0m\n\nb'));
    assert.ok(shown.join('').includes('c\n'));
    assert.equal(hooks.terminal, false);
  });

  it('gives the exit code of Ctrl-C for a program that is cancelled', async () => {
    const cancelling = new AbortController();
    const hooks = testRunHooks({ run: () => assert.fail() }, () => cancelling.abort());
    assert.equal(await hooks.runProgram(shell('echo begun; exec sleep 100'), cancelling.signal), 130);
  });

  it('tells how an operation goes, without saying anything twice', async () => {
    let shown = '';
    const hooks = testRunHooks(
      {
        run: async (_, onProgress) => {
          onProgress({ kind: 'service', service: 'db', health: 'starting' });
          onProgress({ kind: 'service', service: 'db', health: 'starting' });
          onProgress({ kind: 'service', service: 'db', health: 'healthy' });
          return { kind: 'done' } as never;
        },
      },
      (text) => {
        shown += text;
      },
    );
    await hooks.operate({ operation: 'up', environmentId: 'x', services: [] }, new AbortController().signal);
    assert.equal(shown, '\u001b[2m  db starting\u001b[22m\n\u001b[2m  db healthy\u001b[22m\n');
  });

  it('asks for colours, unless the command says otherwise', () => {
    assert.equal(colourVariables().FORCE_COLOR, '1');
    assert.equal(colourVariables({ FORCE_COLOR: '0' }).FORCE_COLOR, '0');
    assert.deepEqual(colourVariables({ NO_COLOR: '1' }), {});
  });
});

describe('the words of a test run', () => {
  const result: TestRunResult = {
    environment: 'test',
    command: 'unit',
    project: 'shop-test',
    beside: false,
    exitCode: 3,
    cancelled: false,
    failing: ['db'],
    folder: '/w/.berth/runs/x',
    collected: [],
    cases: [
      { name: 'a', outcome: 'passed' },
      { name: 'b', outcome: 'errored' },
    ],
    after: 'removed',
    keptVolumes: [],
  };

  it('say why a command failed', () => {
    assert.deepEqual(failureWords(result).split('\n'), [
      '"unit" ended with exit code 3.',
      '1 of 2 tests failed.',
      'While it ran, these services failed: db.',
      'The logs of all services are in /w/.berth/runs/x.',
    ]);
    assert.equal(
      failureWords({ ...result, cases: [], failing: [], folder: undefined }),
      '"unit" ended with exit code 3.',
    );
  });

  it('say all there is of an error: what a health check printed, without colours, and what to do', () => {
    const error = new UserError('failed', 'db is unhealthy.', {
      output: '\u001b[31mno disk\u001b[0m\n',
      remedy: 'Make room.',
    });
    assert.equal(errorWords(error), 'db is unhealthy.\n\nno disk\n\nMake room.');
  });

  it('begin with the message of a test, and do not say that twice', () => {
    const one = { name: 'a', outcome: 'failed' } as const;
    assert.equal(caseWords({ ...one, message: '1 != 2', details: '1 != 2\na.py:3' }), '1 != 2\na.py:3');
    assert.equal(caseWords({ ...one, message: '1 != 2', details: 'a.py:3' }), '1 != 2\n\na.py:3');
    assert.equal(caseWords(one), 'a');
  });
});
