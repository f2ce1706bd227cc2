import assert from 'node:assert/strict';
import { readJUnit } from '../../../../src/core/runs/junit';

/** As pytest 8 writes it, with `junit_family = xunit1` for the one with a line. */
const PYTEST = `<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="1" skipped="1" tests="4" time="0.153" timestamp="2026-01-31T12:00:00.000000+00:00" hostname="3f2a"><properties><property name="a" value="b" /></properties><testcase classname="tests.test_login.TestLogin" name="test_works[argo-1]" file="tests/test_login.py" line="11" time="0.002" /><testcase classname="tests.test_login" name="test_fails" time="0.004"><failure message="assert 1 == 2&#10;  +  where 1 = f()">def test_fails():
&gt;       assert f() == 2
E       assert 1 == 2

tests/test_login.py:23: AssertionError</failure></testcase><testcase classname="tests.test_login" name="test_db" time="0.100"><error message="failed on setup with &quot;no database&quot;">E   no database</error><system-out>is not told twice</system-out></testcase><testcase classname="tests.test_login" name="test_later" time="0.000"><skipped type="pytest.skip" message="not yet">tests/test_login.py:30: not yet</skipped></testcase></testsuite></testsuites>`;

const JEST = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="jest tests" tests="2" failures="1" errors="0" time="1.51">
  <testsuite name="cart" errors="0" failures="1" skipped="0" timestamp="2026-01-31T12:00:00" time="0.9" tests="2">
    <testcase classname="cart adds" name="cart adds" time="0.004"></testcase>
    <testcase classname="cart sums &lt;all&gt;" name="cart sums &lt;all&gt;" time="0.006">
      <failure>Error: \u001b[2mexpect(\u001b[22m\u001b[31mreceived\u001b[39m).toBe(expected)

    at Object.toBe (/app/src/cart.test.js:7:19)</failure>
    </testcase>
  </testsuite>
</testsuites>`;

const VITEST = `<?xml version="1.0" encoding="UTF-8" ?>
<testsuites name="vitest tests" tests="2" failures="1" errors="0" time="0.3">
    <testsuite name="src/sum.test.ts" timestamp="2026-01-31T12:00:00.000Z" hostname="x" tests="2" failures="1" errors="0" skipped="0" time="0.01">
        <testcase classname="src/sum.test.ts" name="sum &gt; adds" time="0.0012">
        </testcase>
        <testcase classname="src/sum.test.ts" name="sum &gt; fails" time="0.003">
            <failure message="expected 3 to be 4 // Object.is equality" type="AssertionError">
AssertionError: expected 3 to be 4
 ❯ src/sum.test.ts:9:18
            </failure>
        </testcase>
    </testsuite>
</testsuites>`;

const MOCHA = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="Mocha Tests" time="0.0120" tests="1" failures="1">
  <testsuite name="Root Suite" timestamp="2026-01-31T12:00:00" tests="0" time="0.0000" failures="0"></testsuite>
  <testsuite name="login" timestamp="2026-01-31T12:00:00" tests="1" file="/app/test/login.js" time="0.0120" failures="1">
    <testcase name="login works" time="0.0110" classname="works">
      <failure message="expected 1 to equal 2" type="AssertionError"><![CDATA[AssertionError: expected 1 to equal 2
    at Context.<anonymous> (test/login.js:5:14)]]></failure>
    </testcase>
  </testsuite>
</testsuites>`;

const NEXTEST = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="nextest-run" tests="2" failures="1" errors="0" uuid="x" timestamp="2026-01-31T12:00:00.000+00:00" time="0.018">
    <testsuite name="shop::api" tests="2" disabled="0" errors="0" failures="1">
        <testcase name="tests::boils" classname="shop::api" timestamp="2026-01-31T12:00:00.000+00:00" time="0.007">
            <failure message="thread &apos;tests::boils&apos; panicked at src/lib.rs:12:9" type="test failure">assertion failed: false
note: run with RUST_BACKTRACE=1</failure>
            <system-out>running 1 test</system-out>
        </testcase>
        <testcase name="tests::flaky" classname="shop::api" time="0.010">
            <flakyFailure message="once" type="test failure">once</flakyFailure>
        </testcase>
    </testsuite>
</testsuites>`;

const GO = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="2" failures="1">
	<testsuite name="example.org/shop/cart" tests="2" failures="1" errors="0" id="0" hostname="x" time="0.014" timestamp="2026-01-31T12:00:00Z">
		<properties><property name="go.version" value="go1.22"></property></properties>
		<testcase name="TestAdd" classname="example.org/shop/cart" time="0.010"></testcase>
		<testcase name="TestSum/empty" classname="example.org/shop/cart" time="0.000">
			<failure message="Failed"><![CDATA[    cart_test.go:12: boom]]></failure>
		</testcase>
	</testsuite>
</testsuites>`;

const SUREFIRE = `<?xml version="1.0" encoding="UTF-8"?>
<testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="3.0" name="com.acme.CartTest" time="1,234.5" tests="1" errors="1" skipped="0" failures="0">
  <properties><property name="java.version" value="21"/></properties>
  <testcase name="sums" classname="com.acme.CartTest" time="1,234.5">
    <error message="&quot;cart&quot; is null" type="java.lang.NullPointerException"><![CDATA[java.lang.NullPointerException: "cart" is null
	at com.acme.CartTest.sums(CartTest.java:14)]]></error>
  </testcase>
</testsuite>`;

const reportOf = (text: string) => readJUnit([text], 20_000);
const casesOf = async (text: string) => (await reportOf(text))?.cases;

describe('readJUnit', () => {
  it('reads what pytest writes: class and module, a line from 0, errors of fixtures', async () => {
    assert.deepEqual(await casesOf(PYTEST), [
      {
        name: 'test_works[argo-1]',
        suite: 'tests.test_login.TestLogin',
        outcome: 'passed',
        ms: 2,
        file: 'tests/test_login.py',
        line: 12,
      },
      {
        name: 'test_fails',
        suite: 'tests.test_login',
        outcome: 'failed',
        message: 'assert 1 == 2\n  +  where 1 = f()',
        details:
          'def test_fails():\n>       assert f() == 2\nE       assert 1 == 2\n\ntests/test_login.py:23: AssertionError',
        ms: 4,
      },
      {
        name: 'test_db',
        suite: 'tests.test_login',
        outcome: 'errored',
        message: 'failed on setup with "no database"',
        details: 'E   no database',
        ms: 100,
      },
      { name: 'test_later', suite: 'tests.test_login', outcome: 'skipped', message: 'not yet', ms: 0 },
    ]);
  });

  it('reads what jest-junit writes: the first line is the message, without colours', async () => {
    const [adds, sums] = (await casesOf(JEST)) ?? [];
    assert.deepEqual(adds, { name: 'cart adds', suite: 'cart', outcome: 'passed', ms: 4 });
    assert.equal(sums?.name, 'cart sums <all>');
    assert.equal(sums.message, 'Error: expect(received).toBe(expected)');
    assert.match(sums.details ?? '', /\/app\/src\/cart\.test\.js:7:19/);
  });

  it('reads what vitest writes, whose suites are called after files', async () => {
    assert.deepEqual(await casesOf(VITEST), [
      { name: 'sum > adds', suite: 'src/sum.test.ts', outcome: 'passed', ms: 1.2, file: 'src/sum.test.ts' },
      {
        name: 'sum > fails',
        suite: 'src/sum.test.ts',
        outcome: 'failed',
        message: 'expected 3 to be 4 // Object.is equality',
        details: 'AssertionError: expected 3 to be 4\n ❯ src/sum.test.ts:9:18',
        ms: 3,
        file: 'src/sum.test.ts',
      },
    ]);
  });

  it('reads what mocha-junit-reporter writes, whose suites have the file', async () => {
    const [only] = (await casesOf(MOCHA)) ?? [];
    assert.deepEqual(
      [only?.name, only?.suite, only?.file, only?.message],
      ['login works', 'login', '/app/test/login.js', 'expected 1 to equal 2'],
    );
  });

  it('reads what cargo nextest writes, where what passed in the end has passed', async () => {
    const cases = (await casesOf(NEXTEST)) ?? [];
    assert.deepEqual(
      cases.map(({ name, suite, outcome }) => [name, suite, outcome]),
      [
        ['tests::boils', 'shop::api', 'failed'],
        ['tests::flaky', 'shop::api', 'passed'],
      ],
    );
    assert.equal(cases[0]?.message, "thread 'tests::boils' panicked at src/lib.rs:12:9");
    assert.equal(cases[0]?.details, 'assertion failed: false\nnote: run with RUST_BACKTRACE=1');
  });

  it('reads what go-junit-report and Surefire write: details in CDATA, one suite as the root, thousands', async () => {
    const [, sum] = (await casesOf(GO)) ?? [];
    assert.deepEqual(sum, {
      name: 'TestSum/empty',
      suite: 'example.org/shop/cart',
      outcome: 'failed',
      message: 'Failed',
      details: 'cart_test.go:12: boom',
      ms: 0,
    });
    const [java] = (await casesOf(SUREFIRE)) ?? [];
    assert.deepEqual([java?.outcome, java?.message, java?.ms], ['errored', '"cart" is null', 1_234_500]);
  });

  it('names the suites that are inside of one another', async () => {
    const text =
      '<testsuites><testsuite name="a"><testsuite name="b"><testcase name="c"/></testsuite><testcase name="d"/></testsuite></testsuites>';
    assert.deepEqual(await casesOf(text), [
      { name: 'c', suite: 'a › b', outcome: 'passed' },
      { name: 'd', suite: 'a', outcome: 'passed' },
    ]);
  });

  it('tells what a failed test printed where there is nothing else', async () => {
    const text = '<testsuite><testcase name="a"><failure/><system-out>boom\nat b</system-out></testcase></testsuite>';
    assert.deepEqual(await casesOf(text), [{ name: 'a', outcome: 'failed', message: 'boom', details: 'boom\nat b' }]);
  });

  it('takes no other XML for a report', async () => {
    assert.equal(await reportOf('<?xml version="1.0"?><coverage line-rate="0.9"><packages/></coverage>'), undefined);
  });

  it('tells what stands before a report breaks off, and where that is', async () => {
    const report = await reportOf(VITEST.slice(0, VITEST.indexOf('AssertionError: ')));
    assert.deepEqual(
      report?.cases.map(({ name }) => name),
      ['sum > adds'],
    );
    assert.deepEqual([report?.broken?.line, report?.broken?.message], [8, 'Unclosed root tag']);
  });

  it('says so of what is empty, or no XML', async () => {
    for (const text of ['', 'collected 3 items', '<testsuites']) {
      const report = await reportOf(text);
      assert.ok(report?.broken, text);
      assert.deepEqual(report.cases, []);
    }
  });

  it('lets no entity grow, and reads no file that one names', async () => {
    const entities = Array.from({ length: 30 }, (_, n) => `<!ENTITY e${n + 1} "&e${n};&e${n};">`).join('');
    const text = `<!DOCTYPE x [<!ENTITY e0 "ha"><!ENTITY f SYSTEM "file:///etc/hostname">${entities}]><testsuite><testcase name="a"/><testcase name="&e30;&f;"/></testsuite>`;
    const report = await reportOf(text);
    assert.deepEqual(report?.cases, [
      { name: 'a', outcome: 'passed' },
      { name: '&e30;&f;', outcome: 'passed' },
    ]);
  });

  it('reads on where colours are written as characters that XML has not', async () => {
    const text =
      '<testsuite><testcase name="a"><failure message="&#27;[31mred&#x1B;[0m">at &#27;[1mb</failure></testcase><testcase name="c & d"/></testsuite>';
    const report = await reportOf(text);
    assert.deepEqual(report?.cases, [
      { name: 'a', outcome: 'failed', message: 'red', details: 'at b' },
      { name: 'c & d', outcome: 'passed' },
    ]);
    assert.equal(report.broken, undefined);
  });

  it('tells what went wrong in a suite outside of its tests as one', async () => {
    const text =
      '<testsuite name="cart"><error message="no database">at setUp</error><testcase name="a"/><failure/></testsuite>';
    assert.deepEqual(await casesOf(text), [
      { name: 'cart', suite: 'cart', outcome: 'errored', message: 'no database', details: 'at setUp' },
      { name: 'a', suite: 'cart', outcome: 'passed' },
      { name: 'cart', suite: 'cart', outcome: 'failed' },
    ]);
  });

  it('takes tests that GoogleTest and CTest did not run for skipped', async () => {
    const said = ['status="notrun" result="suppressed"', 'result="skipped"', 'status="disabled"', 'status="run"'];
    const text = `<testsuite>${said.map((one) => `<testcase name="a" ${one}/>`).join('')}</testsuite>`;
    const outcomes = (await casesOf(text))?.map(({ outcome }) => outcome);
    assert.deepEqual(outcomes, ['skipped', 'skipped', 'skipped', 'passed']);
  });

  it('reads a text that comes in pieces, wherever they end', async () => {
    for (const text of [PYTEST, JEST, MOCHA]) {
      assert.deepEqual((await readJUnit(text, 20_000))?.cases, await casesOf(text));
    }
  });

  it('is bounded where a report is huge, deep, or all wrong', async () => {
    const many = await reportOf(`<testsuite>${'<testcase name="a"/>'.repeat(30_000)}</testsuite>`);
    assert.deepEqual([many?.cases.length, many?.isCut], [20_000, true]);
    const long = 'x'.repeat(1_000_000);
    const [large] =
      (await casesOf(
        `<testsuite><testcase name="a"><failure message="${long}">${long}</failure></testcase></testsuite>`,
      )) ?? [];
    assert.deepEqual([large?.message?.length, large?.details?.length], [2_000, 20_000]);
    const suites = await reportOf(`${'<testsuite name="deep">'.repeat(100)}<testcase name="a"/>`);
    assert.equal(suites?.cases[0]?.suite, Array(10).fill('deep').join(' › '));
    const deep = await reportOf(`<testsuite><testcase name="a"/>${'<testsuite>\n'.repeat(500_000)}`);
    assert.deepEqual([deep?.cases.length, deep?.broken], [1, { message: 'nested too deep', line: 200 }]);
    const wrong = await reportOf(`<testsuite>${'&'.repeat(1_000_000)}`);
    assert.ok(wrong?.broken);
  });
});
