import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { matchersFor } from '../../../../src/extension/tasks/problemMatchers';
import { repositoryRoot } from '../../../support/paths';

interface Pattern {
  readonly regexp: string;
  readonly file?: number;
  readonly line?: number;
  readonly column?: number;
  readonly severity?: number;
  readonly message?: number;
}
interface Matcher {
  readonly name: string;
  readonly pattern: Pattern | readonly Pattern[];
}
const manifest = JSON.parse(fs.readFileSync(path.join(repositoryRoot, 'package.json'), 'utf8'));
const matchers: readonly Matcher[] = manifest.contributes.problemMatchers;

/** The problems that a matcher finds, as VS Code does: its patterns one after another on lines that follow each other. */
function problemsIn(name: string, output: string): readonly string[] {
  const pattern = matchers.find((one) => one.name === name)?.pattern;
  assert.ok(pattern, name);
  const patterns = [pattern].flat();
  const lines = output.split('\n');
  return lines.flatMap((_, at) => {
    const found: Record<string, string> = {};
    for (const [index, { regexp, ...groups }] of patterns.entries()) {
      const match = new RegExp(regexp).exec(lines[at + index] ?? '');
      if (!match) return [];
      for (const [property, group] of Object.entries(groups)) found[property] ??= match[group]?.trim() ?? '';
    }
    const column = found.column ? `:${found.column}` : '';
    return [`${found.file}:${found.line}${column} ${found.message}`];
  });
}

const PYTEST = `
    def test_answer():
>       assert inc(3) == 5
E       assert 4 == 5

tests/test_sample.py:6: AssertionError
______ test_deep ______

tests/test_sample.py:12:${' '}
tests/test_sample.py:9: in helper
    raise ValueError("no")
app/deep.py:3: ValueError
tests/test_broken.py:1: in <module>
    import nope
E   ModuleNotFoundError: No module named 'nope'
FAILED tests/test_sample.py::test_answer - assert 4 == 5`;

const JEST = `  ● adds

    expect(received).toBe(expected) // Object.is equality

    > 3 |   expect(1 + 3).toBe(5);

      at Object.toBe (src/sum.test.js:3:17)
      at Promise.then.completed (node_modules/jest-circus/build/utils.js:298:28)`;

const VITEST = ` FAIL  src/sum.test.ts > adds
AssertionError: expected 4 to be 5 // Object.is equality
 ❯ src/sum.test.ts:5:19
 ❯ helper src/helper.ts:2:9`;

const MOCHA = `  1) sum
       adds:
     AssertionError [ERR_ASSERTION]: 4 == 5
      at Context.<anonymous> (test/sum.spec.cjs:4:12)
      at process.processImmediate (node:internal/timers:483:21)
      at file:///app/test/other.mjs:7:3`;

const GO = `# shop/cart
./cart.go:12:5: undefined: total
vet: ./cart.go:14:2: unreachable code
--- FAIL: TestTotal (0.00s)
    cart_test.go:9: got 4, want 5
goroutine 7 [running]:
	/app/cart.go:10 +0x1d`;

const CARGO = `error[E0308]: mismatched types
 --> src/lib.rs:5:9
  |
warning: unused variable: \`x\`
   --> src/main.rs:2:7
thread 'tests::adds' panicked at src/lib.rs:10:9:
assertion \`left == right\` failed
thread 'tests::two' (4021) panicked at tests/two.rs:3:5:
boom`;

describe('problem matchers', () => {
  it('find the places that test runners print', () => {
    assert.deepEqual(problemsIn('berth-pytest', PYTEST), [
      'tests/test_sample.py:6 AssertionError',
      'app/deep.py:3 ValueError',
      'tests/test_broken.py:1 in <module>',
    ]);
    assert.deepEqual(problemsIn('berth-javascript', JEST), [
      'src/sum.test.js:3:17 at Object.toBe (src/sum.test.js:3:17)',
    ]);
    assert.deepEqual(problemsIn('berth-javascript', VITEST), [
      'src/sum.test.ts:5:19 ❯ src/sum.test.ts:5:19',
      'src/helper.ts:2:9 ❯ helper src/helper.ts:2:9',
    ]);
    assert.deepEqual(problemsIn('berth-javascript', MOCHA), [
      'test/sum.spec.cjs:4:12 at Context.<anonymous> (test/sum.spec.cjs:4:12)',
      '/app/test/other.mjs:7:3 at file:///app/test/other.mjs:7:3',
    ]);
    assert.deepEqual(problemsIn('berth-go', GO), [
      './cart.go:12:5 undefined: total',
      './cart.go:14:2 unreachable code',
      'cart_test.go:9 got 4, want 5',
    ]);
    assert.deepEqual(problemsIn('berth-rustc', CARGO), [
      'src/lib.rs:5:9 mismatched types',
      'src/main.rs:2:7 unused variable: `x`',
    ]);
    assert.deepEqual(problemsIn('berth-rust-panic', CARGO), [
      'src/lib.rs:10:9 assertion `left == right` failed',
      'tests/two.rs:3:5 boom',
    ]);
  });

  it('are chosen by the words of a command', () => {
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ['pytest -q', ['$berth-pytest']],
      ['python -m pytest', ['$berth-pytest']],
      ['/venv/bin/pytest', ['$berth-pytest']],
      ['sh -c cd api && pytest; echo done', ['$berth-pytest']],
      ['cargo test --all', ['$berth-rustc', '$berth-rust-panic']],
      ['cargo +nightly nextest run', ['$berth-rustc', '$berth-rust-panic']],
      ['npx jest --ci', ['$berth-javascript']],
      ['vitest run', ['$berth-javascript']],
      ['npm run test:unit', ['$berth-javascript']],
      ['npm test', ['$berth-javascript']],
      ['go test ./...', ['$berth-go']],
      ['cargo build', []],
      ['echo mochaccino', []],
      ['./run-tests.sh', []],
    ];
    for (const [words, expected] of cases) assert.deepEqual(matchersFor(words.split(' ')), expected, words);
  });

  it('are all contributed', () => {
    const used = [['pytest'], ['cargo', 'test'], ['jest'], ['go', 'test']].flatMap(matchersFor);
    assert.deepEqual(used.sort(), matchers.map(({ name }) => `$${name}`).sort());
  });
});
