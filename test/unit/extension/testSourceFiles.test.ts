import assert from 'node:assert/strict';
import type { TestCase } from '../../../src/core/model/testCase';
import { fileMeant, placesIn, toldPlaces } from '../../../src/extension/tests/sourceFiles';

describe('fileMeant', () => {
  const files = ['/w/backend/tests/test_cart.py', '/w/web/tests/test_cart.py', '/w/src/cart.test.ts'];

  it('finds the file of a container by the end of its path, the longer the better', () => {
    assert.equal(fileMeant('/app/src/cart.test.ts', files), '/w/src/cart.test.ts');
    assert.equal(fileMeant('/srv/backend/tests/test_cart.py', files), '/w/backend/tests/test_cart.py');
    assert.equal(fileMeant('C:\\app\\src\\cart.test.ts', files), '/w/src/cart.test.ts');
  });

  it('finds one of this machine, also by a path that goes up', () => {
    assert.equal(fileMeant('/w/web/tests/test_cart.py', files), '/w/web/tests/test_cart.py');
    assert.equal(fileMeant('../src/cart.test.ts', files), '/w/src/cart.test.ts');
  });

  it('does not guess: of two that fit alike it takes none, and of a relative path no part', () => {
    assert.equal(fileMeant('tests/test_cart.py', files), undefined);
    assert.equal(fileMeant('other/cart.test.ts', files), undefined);
    assert.equal(fileMeant('/app/nothing.py', files), undefined);
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

  it('begin with the file that it names, then what its class is called, then the failure', () => {
    const one: TestCase = {
      name: 'sums',
      suite: 'tests.test_cart.TestCart',
      outcome: 'failed',
      file: 'tests/test_cart.py',
      line: 7,
      details: 'app/cart.py:3: TypeError',
    };
    const told = toldPlaces(one);
    assert.deepEqual(told[0], { file: 'tests/test_cart.py', line: 7 });
    assert.ok(told.some(({ file }) => file === 'tests/test_cart/TestCart.java'));
    assert.ok(told.some(({ file, line }) => file === 'tests/test_cart.py' && line === undefined));
    assert.deepEqual(told.at(-1), { file: 'app/cart.py', line: 3 });
  });

  it('are looked for in text of any length in bounded time', () => {
    for (const text of ['a.'.repeat(10_000), '/a'.repeat(10_000), `${'('.repeat(20_000)}x.py`]) {
      assert.deepEqual(placesIn(text), []);
    }
  });
});
