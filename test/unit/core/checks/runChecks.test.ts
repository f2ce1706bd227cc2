import assert from 'node:assert/strict';
import type { Check, CheckFacts } from '../../../../src/core/checks/check';
import { runChecks } from '../../../../src/core/checks/runChecks';
import type { Finding, Level } from '../../../../src/core/model/finding';

const NO_FACTS: CheckFacts = {
  environments: [],
  problems: [],
  givenBy: () => undefined,
  envFiles: [],
  pathKind: () => undefined,
  realPath: (one) => one,
  git: () => undefined,
  textOf: () => undefined,
  told: new Map(),
  composeVersion: undefined,
};

function finding(change: Partial<Finding> = {}): Finding {
  const places = [{ file: '/w/compose.yaml', line: 3 }];
  return {
    code: 'no-limits',
    severity: 'info',
    message: 'm',
    remedy: 'r',
    environments: ['dev'],
    places,
    fixes: [],
    ...change,
  };
}

function run(
  findings: readonly Finding[],
  { texts = {}, levels = {} }: { texts?: Record<string, string>; levels?: Record<string, Level> } = {},
): readonly string[] {
  const check: Check = { codes: ['no-limits'], find: () => findings };
  const found = runChecks([check], NO_FACTS, {
    textOf: (file) => texts[file],
    levelOf: (_, about) => levels['environment' in about ? about.environment : (about.file ?? '')],
  });
  return found.map(
    ({ severity, code, environments, places: [place] }) => `${severity} ${code} ${environments} ${place?.line}`,
  );
}

describe('running checks', () => {
  it('tells once what several environments have in common, the worst first, then by place', () => {
    const found = run([
      finding({ places: [{ file: '/w/compose.yaml', line: 9 }] }),
      finding(),
      finding({ environments: ['test'] }),
      finding({ environments: ['test'], message: 'other', severity: 'error' }),
    ]);
    assert.deepEqual(found, ['error no-limits test 3', 'info no-limits dev,test 3', 'info no-limits dev 9']);
  });

  it('leaves out what a comment names: on its line, on the line before, or for the file', () => {
    const none = (text: string) => run([finding()], { texts: { '/w/compose.yaml': text } }).length === 0;
    assert.ok(none('a\nb\nc # berth-ignore no-limits'));
    assert.ok(none('a\r\n# berth-ignore same-port, no-limits: both are meant\r\nc\r\n'));
    assert.ok(none('a\nb\nc\nd\n#berth-ignore-file no-limits'));
    assert.ok(!none('a\nb\nc\n# berth-ignore no-limits'));
    assert.ok(!none('a\nb\nc # berth-ignore same-port'));
    assert.ok(!none('# berth-ignore no-limits\nb\nc'));
    assert.ok(!none('a\nb\nc # berth-ignored no-limits'));
    assert.ok(!none('a\nb # berth-ignore no-limits\nc'), 'a comment behind something is about its own line');
    assert.ok(!none('a: "x # berth-ignore-file no-limits"\nb\nc'), 'a text is no comment');
  });

  it('leaves out what a comment names at the other place of two', () => {
    const places = [
      { file: '/w/compose.yaml', line: 3 },
      { file: '/w/compose.test.yaml', line: 1, note: 'here' },
    ];
    assert.deepEqual(
      run([finding({ places })], { texts: { '/w/compose.test.yaml': 'a # berth-ignore no-limits' } }),
      [],
    );
  });

  it('takes the level that an environment has, and leaves out what it is off for', () => {
    const both = finding({ environments: ['dev', 'test'] });
    assert.deepEqual(run([both], { levels: { dev: 'off' } }), ['info no-limits test 3']);
    assert.deepEqual(run([both], { levels: { dev: 'off', test: 'off' } }), []);
    assert.deepEqual(run([finding()], { levels: { dev: 'error' } }), ['error no-limits dev 3']);
    assert.deepEqual(run([both], { levels: { test: 'error' } }), ['error no-limits dev,test 3']);
    assert.deepEqual(run([finding(), finding({ environments: ['test'] })], { levels: { test: 'error' } }), [
      'error no-limits dev,test 3',
    ]);
    assert.deepEqual(run([finding({ environments: [] })], { levels: { '/w/compose.yaml': 'off' } }), []);
  });

  it('leaves out what is between two environments where it is off for one of them', () => {
    const places = [{ file: '/w/a.yaml' }, { file: '/w/b.yaml', note: 'here' }];
    const between = finding({ environments: ['dev', 'test'], places });
    assert.deepEqual(run([between], { levels: { dev: 'off' } }), []);
  });
});
