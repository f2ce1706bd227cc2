import assert from 'node:assert/strict';
import type { TestCase } from '../../../src/core/model/testCase';
import { patternsFor, SourceFiles, toldPlaces } from '../../../src/extension/tests/sourceFiles';

const placesIn = (details: string) => toldPlaces({ name: 'x', outcome: 'failed', details }).failure;

describe('the file that is meant by a path', () => {
  const files = new SourceFiles(['/w/backend/tests/test_cart.py', '/w/web/tests/test_cart.py', '/w/src/cart.test.ts']);

  it('finds the file of a container by the end of its path, the longer the better', () => {
    assert.equal(files.meantBy('/app/src/cart.test.ts'), '/w/src/cart.test.ts');
    assert.equal(files.meantBy('/srv/backend/tests/test_cart.py'), '/w/backend/tests/test_cart.py');
    assert.equal(files.meantBy('C:\\app\\src\\cart.test.ts'), '/w/src/cart.test.ts');
  });

  it('finds one of this machine, also by a path that goes up', () => {
    assert.equal(files.meantBy('/w/web/tests/test_cart.py'), '/w/web/tests/test_cart.py');
    assert.equal(files.meantBy('../src/cart.test.ts'), '/w/src/cart.test.ts');
  });

  it('does not guess: of two that fit alike it takes none, and of a relative path no part', () => {
    assert.equal(files.meantBy('tests/test_cart.py'), undefined);
    assert.equal(files.meantBy('other/cart.test.ts'), undefined);
    assert.equal(files.meantBy('/app/nothing.py'), undefined);
    const alike = new SourceFiles(['/w/a/x.py', '/w/b/x.py', '/w/c/x.py']);
    assert.equal(alike.meantBy('/app/x.py'), undefined);
  });

  it('is none for what stands in a library, whatever is called alike', () => {
    const own = new SourceFiles([
      '/w/shop/models.py',
      '/w/src/index.js',
      '/w/src/lib.rs',
      '/w/cart.go',
      '/w/x/case.rb',
    ]);
    for (const told of [
      '/app/.venv/lib/python3.12/site-packages/django/db/models.py',
      '/usr/lib/python3/dist-packages/models.py',
      '/opt/python/lib/python3.12/unittest/models.py',
      'node_modules/jest-circus/src/index.js',
      '/usr/local/cargo/registry/src/index.crates/mio-1.0/src/lib.rs',
      '/root/.cargo/registry/src/mio-1.0/src/lib.rs',
      '/rustc/90b35a6239/library/core/src/lib.rs',
      '/go/pkg/mod/github.com/acme/cart@v1.2.3/cart.go',
      '/usr/local/go/src/testing/cart.go',
      'vendor/github.com/acme/cart.go',
      '/usr/local/bundle/gems/minitest-5.20.0/lib/case.rb',
    ]) {
      assert.equal(own.meantBy(told), undefined, told);
    }
  });

  it('may stand below a folder that is called like one of libraries, where the workspace has that', () => {
    const files = new SourceFiles(['/home/me/vendor/shop/tests/test_cart.py', '/w/vendor/engine/cart.rb']);
    assert.ok(files.meantBy('/home/me/vendor/shop/tests/test_cart.py'));
    assert.equal(files.meantBy('/app/vendor/engine/cart.rb'), '/w/vendor/engine/cart.rb');
  });
});

describe('the places that a report tells', () => {
  it('are read from what pytest, Jest, vitest, Rust, Go, Java and Python print', () => {
    const printed: readonly (readonly [text: string, file: string, line: number])[] = [
      ['tests/test_cart.py:23: AssertionError', 'tests/test_cart.py', 23],
      ['    at Object.toBe (/app/src/cart.test.js:7:19)', '/app/src/cart.test.js', 7],
      [' ❯ src/[id]/sum.test.ts:9:18', 'src/[id]/sum.test.ts', 9],
      ["thread 'it' panicked at src/lib.rs:12:9", 'src/lib.rs', 12],
      ['    cart_test.go:12: boom', 'cart_test.go', 12],
      ['    at file:///app/src/cart.test.mjs:7:19', '///app/src/cart.test.mjs', 7],
      ['\tat com.acme.CartTest.sums(CartTest.java:14)', 'CartTest.java', 14],
      ['  File "/app/tests/test_cart.py", line 5, in test', '/app/tests/test_cart.py', 5],
    ];
    for (const [text, file, line] of printed) assert.deepEqual(placesIn(text), [{ file, line }], text);
  });

  it('are not seen where there is a time, an address or a version', () => {
    for (const text of ['at 12:30:45', 'localhost:5432', 'http://127.0.0.1:8080/x', 'v1.2:3']) {
      assert.deepEqual(placesIn(text), [], text);
    }
  });

  it('are the file that it names, then what its class is called, and those of the failure', () => {
    const one: TestCase = {
      name: 'sums',
      suite: 'tests.test_cart.TestCart',
      outcome: 'failed',
      file: 'tests/test_cart.py',
      line: 7,
      details: 'app/cart.py:3: TypeError',
    };
    const { own, failure } = toldPlaces(one);
    assert.deepEqual(own[0], { file: 'tests/test_cart.py', line: 7 });
    assert.ok(own.some(({ file }) => file === 'tests/test_cart/TestCart.java'));
    assert.ok(own.some(({ file, line }) => file === 'tests/test_cart.py' && line === undefined));
    assert.deepEqual(failure, [{ file: 'app/cart.py', line: 3 }]);
  });

  it('are looked for in text of any length in bounded time', () => {
    for (const text of ['a.'.repeat(10_000), '/a'.repeat(10_000), `${'('.repeat(20_000)}x.py`]) {
      assert.deepEqual(placesIn(text), []);
    }
  });
});

describe('the patterns for the files that a report tells', () => {
  it('have every name once, whatever folder it is in, and nothing that means something in a pattern', () => {
    assert.deepEqual(patternsFor(['/app/a.py', 'tests/a.py', 'src\\[id].ts']), ['**/{a.py,?id?.ts}']);
    assert.deepEqual(patternsFor([]), []);
  });

  it('are as long as a program can be given, however many names there are', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `test_something_number_${index}.py`);
    const patterns = patternsFor([...names, `${'x'.repeat(100_000)}.py`]);
    assert.ok(patterns.every(({ length }) => length < 16_100));
    assert.ok(patterns.length < 50, `${patterns.length} patterns`);
    assert.deepEqual(
      patterns.flatMap((pattern) => pattern.slice('**/{'.length, -1).split(',')),
      names,
    );
  });
});
