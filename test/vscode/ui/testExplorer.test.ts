import assert from 'node:assert/strict';
import { TEST_RUN_LABEL } from '../../../src/core/engine/messages';
import { ComposeFolder } from '../../engine/support/composeFolder';
import { takePicture, useBerthWorkbench } from './support/berthWorkbench';

/** Busybox stands in for the image of a project: what it runs is the project's own. */
const COMPOSE = `name: PROJECT
services:
  api:
    image: busybox:1-musl
    init: true
    command: sleep 1000
    working_dir: /app
    volumes: [".:/app"]
`;

const DECLARATION = `environments:
  test:
    files: [compose.yaml, compose.test.yaml]
    commands:
      unit: { kind: test, service: api, run: [sh, suite], collect: [/tmp/report.xml] }
      smoke: { kind: test, service: api, run: [echo, all is well] }
`;

const SUITE = `printf '\\033[1m3 tests\\033[0m\\n\\033[32mworks\\033[0m\\n\\033[31msums\\033[0m\\n'
cat >/tmp/report.xml <<END
<testsuites><testsuite name="pytest"><testcase classname="tests.test_cart" name="test_works" time="0.002"/><testcase classname="tests.test_cart" name="test_sums" time="0.004"><failure message="assert 1 == 2">def test_sums():
&gt;       assert 1 == 2
E       assert 1 == 2

tests/test_cart.py:4: AssertionError</failure></testcase><testcase classname="tests.test_cart" name="test_later"><skipped message="not yet"/></testcase></testsuite></testsuites>
END
exit 1
`;

const PYTHON = `def test_works(): pass

def test_sums():
    assert 1 == 2
`;

describe('UI: the Test Explorer', () => {
  let folder: ComposeFolder;
  const berth = useBerthWorkbench(
    async () => {
      folder = new ComposeFolder('suite', {
        'shop/compose.yaml': COMPOSE,
        'shop/compose.test.yaml': 'services: { api: { labels: { a: b } } }\n',
        'shop/berth.yaml': DECLARATION,
        'shop/suite': SUITE,
        'shop/tests/test_cart.py': PYTHON,
      });
      folder.owns(`${folder.project}-test`);
      return { workspace: folder.path('shop') };
    },
    async () => folder?.dispose(),
  );

  const tree = () => berth().workbench.tree('Test Explorer');
  /** A row by its name, which for assistive technology has how the test ended behind it. */
  const row = (name: RegExp) => tree().getByRole('treeitem', { name });

  const unfold = (name: RegExp) =>
    row(name).and(berth().workbench.page.locator('[aria-expanded=false]')).locator('.monaco-tl-twistie').click();

  it('runs a command that passes at the press of a button', async () => {
    const { workbench, view } = berth();
    // Starts the extension, if it has not been: VS Code has the Testing view only from then on.
    await view.open();
    await workbench.activity('Testing').click();
    await unfold(/^test\b/);
    await workbench.clickRowAction(row(/^smoke\b/), 'Run Test');
    await row(/^smoke \(Passed\)/).waitFor({ timeout: 60_000 });
    await workbench.screenshot('tests-passed');
  });

  it('shows the tests of a report beneath one that fails, with their messages', async () => {
    const { workbench } = berth();
    await workbench.clickRowAction(row(/^unit\b/), 'Run Test');
    await row(/^unit \(Failed\)/).waitFor({ timeout: 60_000 });
    await unfold(/^unit\b/);
    await unfold(/^tests\.test_cart \(Failed\)/);
    await row(/^test_works \(Passed\)/).waitFor();
    await row(/^test_later \(Skipped\)/).waitFor();
    await row(/^test_sums \(Failed\)/).dblclick();
    await workbench.page.locator('.editor-instance', { hasText: 'def test_sums' }).first().waitFor();
    await takePicture(berth(), 'tests');
  });

  it('keeps the environment up for the next run, where that is wanted', async () => {
    const { workbench, view } = berth();
    await row(/^smoke\b/).click({ button: 'right' });
    await view.chooseInMenu('Execute Using Profile...');
    await workbench.screenshot('tests-profiles');
    await workbench.option('Run and Keep').click();
    await view.open();
    await view.untilHasRows([/test running · 1\/1/], 60_000);
    await workbench.screenshot('tests-kept');
    // What marks it as one that is to stay when the run is over.
    const format = `{{index .Config.Labels "${TEST_RUN_LABEL.kept}"}}`;
    const printed = await folder.docker('inspect', '--format', format, `${folder.project}-test-api-1`);
    assert.equal(printed.trim(), 'true');
  });
});

describe('UI: the Test Explorer, of environments whose tests nobody has told', () => {
  let folder: ComposeFolder;
  const berth = useBerthWorkbench(
    async () => {
      folder = new ComposeFolder('untold', {
        'compose.yaml': COMPOSE,
        'compose.test.yaml': 'services: { api: { labels: { a: b } } }\n',
      });
      return { workspace: folder.folder };
    },
    async () => folder?.dispose(),
  );

  it('asks what they are, at the press of a button', async () => {
    const { workbench, view } = berth();
    await view.open();
    await view.untilHasRows([/^[v>] test stopped/]);
    await workbench.activity('Testing').click();
    const button = view.welcome.getByRole('button', { name: 'Run Tests…' });
    await button.waitFor();
    await workbench.screenshot('tests-none');
    await button.click();
    await workbench.option('In a new container of api').waitFor();
  });
});
