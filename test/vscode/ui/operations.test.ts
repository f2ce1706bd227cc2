import assert from 'node:assert/strict';
import { ComposeFolder, IDLE } from '../../engine/support/composeFolder';
import { freePort } from '../../support/ports';
import { poll, run, runOrFail } from '../../support/processes';
import { useBerthWorkbench } from './support/berthWorkbench';

/** PostgreSQL with data and a password, Redis, and a tool for those who ask for its profile. */
const compose = (port: number) => `name: PROJECT
services:
  db:
    image: postgres:16-alpine
    environment:
      POSTGRES_USER: app
      POSTGRES_PASSWORD: never-seen-42
    ports:
      - "127.0.0.1:${port}:5432"
    volumes:
      - data:/var/lib/postgresql/data
    healthcheck:
      test: ["CMD", "pg_isready", "--host", "127.0.0.1", "--username", "app"]
      interval: 1s
      retries: 30
  cache:
    image: redis:7-alpine
    tmpfs: [/data]
    healthcheck:
      test: ["CMD", "redis-cli", "ping"]
      interval: 1s
      retries: 30
  tool:
    ${IDLE}
    profiles: [tools]
volumes:
  data:
`;

const SEED = `CREATE TABLE ship (name text);
INSERT INTO ship VALUES ('Argo'), ('Vasa');
`;
/** Fails in its second line. */
const MISTAKEN = `SELECT 1;
SELECT * FROM no_such_table;
SELECT 2;
`;

describe('UI: what can be done with an environment and its services', () => {
  let folder: ComposeFolder;
  let port: number;
  const berth = useBerthWorkbench(
    async () => {
      port = await freePort(24300);
      folder = new ComposeFolder('harbour', {
        'harbour/compose.yaml': compose(port),
        'harbour/seed.sql': SEED,
        'harbour/mistaken.sql': MISTAKEN,
      });
      return { workspace: folder.path('harbour') };
    },
    async () => folder?.dispose(),
  );

  const rows = (state: string, cache: string, db: string, tool = 'stopped') => [
    `v dev ${state}`,
    `    cache ${cache}`,
    `    db ${db} · ${port}`,
    `    tool ${tool} (profile tools)`,
  ];
  const statusBar = (text: string) => berth().workbench.page.locator('.part.statusbar', { hasText: text });
  /** An entry of a picker in which several can be chosen. */
  const checkbox = (text: string) =>
    berth().workbench.page.locator('.quick-input-widget .monaco-list-row', { hasText: text });
  const sql = (statement: string) =>
    folder.docker('exec', folder.container('db'), 'psql', '--username=app', '--tuples-only', '--command', statement);

  it('brings up with the profiles that are chosen, and remembers them', async () => {
    const { view, workbench, status } = berth();
    await view.open();
    await view.untilRows(rows('stopped', 'stopped', 'stopped'));
    await view.untilOffers('Up', 'dev');
    await view.choose('Up…', 'dev');
    await checkbox('tools').click();
    await workbench.screenshot('up-choices');
    await workbench.page.keyboard.press('Enter');
    await view.untilRows(rows('running · 3/3', 'healthy', 'healthy', 'running'), 60_000);

    // The window is opened anew.
    await workbench.open();
    await view.open();
    await view.untilRows(rows('running · 3/3', 'healthy', 'healthy', 'running'));
    await status.click();
    await workbench.option('More for dev…').click();
    await workbench.option(/^Up….*last time: tools/).waitFor();
    await workbench.screenshot('up-last-time');
    await workbench.page.keyboard.press('Escape');
    await view.choose('Up…', 'dev');
    await checkbox('tools').waitFor();
    await workbench.page.locator('.quick-input-widget').getByText('1 Selected').waitFor();
    await workbench.page.getByPlaceholder('Bring up dev as the last time').waitFor();
    await workbench.screenshot('up-choices-again');
    await workbench.page.keyboard.press('Escape');
  });

  it('stops several services that are selected with one operation, and starts them again', async () => {
    const { view, workbench } = berth();
    await view.openMenuOfSelected(['dev', 'cache'], ['dev', 'tool']);
    await workbench.screenshot('menu-of-several');
    await view.chooseInMenu('Stop');
    await statusBar('dev/cache, tool is stopped').waitFor();
    await view.untilRows(rows('healthy · 1/3', 'stopped', 'healthy', 'stopped'));
    await view.openMenuOfSelected(['dev', 'cache'], ['dev', 'tool']);
    await view.chooseInMenu('Start');
    await view.untilRows(rows('running · 3/3', 'healthy', 'healthy', 'running'));
  });

  it('pauses a service and lets it go on', async () => {
    const { view, workbench } = berth();
    // Selects it alone: the other one would be paused, too.
    await (await view.row('dev', 'tool')).click();
    await view.choose(['More Operations', 'Pause'], 'dev', 'tool');
    await view.untilRows(rows('paused · 2/3', 'healthy', 'healthy', 'paused'));
    await workbench.screenshot('paused');
    await view.choose(['More Operations', 'Unpause'], 'dev', 'tool');
    await view.untilRows(rows('running · 3/3', 'healthy', 'healthy', 'running'));
  });

  it('gives a service more containers', async () => {
    const { view, workbench } = berth();
    await view.choose(['More Operations', 'Scale…'], 'dev', 'tool');
    await workbench.quickInput.waitFor();
    assert.equal(await workbench.quickInput.inputValue(), '1');
    await workbench.quickInput.fill('two');
    await workbench.page.getByText('A whole number from 0 to 100, please.').first().waitFor();
    await workbench.quickInput.fill('2');
    await workbench.page.keyboard.press('Enter');
    await view.untilHasRows([/^ {4}tool running · 2 containers/]);
  });

  it('asks before it kills, and no more when told so', async () => {
    const { view, workbench } = berth();
    await view.choose(['More Operations', 'Kill'], 'dev', 'tool');
    await workbench.dialog.getByText('Kill dev/tool?').waitFor();
    await workbench.dialog.getByText(`${folder.project}-tool-1, ${folder.project}-tool-2`).waitFor();
    await workbench.screenshot('confirm-kill');
    await workbench.dialog.getByRole('button', { name: "Kill, and Don't Ask Again" }).click();
    await view.untilHasRows([/^ {4}tool (?:exited|stopped) · 2 containers/]);
    await view.choose('Start', 'dev', 'tool');
    await view.untilHasRows([/^ {4}tool running · 2 containers/]);
    await view.choose(['More Operations', 'Kill'], 'dev', 'tool');
    await view.untilHasRows([/^ {4}tool (?:exited|stopped) · 2 containers/]);
    await view.choose(['More Operations', 'Remove Stopped Containers'], 'dev', 'tool');
    await workbench.dialog.getByRole('button', { name: 'Remove Stopped Containers', exact: true }).click();
    await view.untilRows(rows('healthy · 2/2', 'healthy', 'healthy'));
  });

  it('shows the command behind each operation, and copies it', async () => {
    const { view, workbench } = berth();
    await view.choose(['More Operations', 'Show Command…'], 'dev', 'db');
    await workbench.option(/^Restart/).waitFor();
    await workbench.screenshot('show-command');
    await workbench.option(/^Restart/).click();
    await statusBar('Copied the command').waitFor();
    assert.match(await workbench.clipboard(), /docker compose --project-name \S+ restart -- db$/);
  });

  it('shows the command behind what asks first, and behind the database shell, which does the same', async () => {
    const { view, workbench } = berth();
    const choose = async (action: string) => {
      await view.choose(['More Operations', 'Show Command…'], 'dev', 'db');
      // The list is longer than what shows of it.
      await workbench.quickInput.fill(action);
      await workbench.option(new RegExp(`^${action}`)).click();
    };
    // What the status bar says of it may be from before.
    const copied = async (part: string) => {
      const look = async () => ((await workbench.clipboard()).includes(part) ? true : undefined);
      assert.ok(await poll(look, { limit: 10_000 }), part);
    };
    await choose('Run Command');
    await workbench.option('In the running container').click();
    await workbench.quickInput.fill('id -u');
    await workbench.page.keyboard.press('Enter');
    await workbench.option(/^Run Command.* exec -- db id -u$/).waitFor();
    await workbench.screenshot('show-command-asked');
    await workbench.page.keyboard.press('Enter');
    await copied('exec -- db id -u');

    await choose('Open Database Shell');
    await workbench.option(/^Open Database Shell/).waitFor();
    await workbench.page.getByPlaceholder('Copy this command?').waitFor();
    await workbench.page.keyboard.press('Enter');
    await copied('psql');
    const command = (await workbench.clipboard()).replace(' exec ', ' exec -T ');
    const { stdout } = await run('sh', ['-c', `echo 'select 6 * 7;' | { ${command}; }`]);
    assert.match(stdout, /^ +42$/m);
  });

  it('runs an SQL file from the explorer, on the database that is chosen', async () => {
    const { workbench } = berth();
    const run = async (file: string) => {
      await workbench.runCommand('View: Show Explorer');
      await workbench.page.getByRole('treeitem', { name: file }).click({ button: 'right' });
      await workbench.focusMenuItem('Run SQL File…');
      await workbench.page.keyboard.press('Enter');
      await workbench.option(/^dev\/db/).click();
    };
    await run('seed.sql');
    const success = workbench.notification('seed.sql has been run on dev/db');
    await success.waitFor();
    assert.match(await sql('SELECT count(*) FROM ship'), /\b2\b/);
    await success.getByRole('button', { name: 'Show Output' }).click();
    await workbench.page.getByRole('tab', { name: 'dev db seed.sql.out' }).waitFor();
    await workbench.page.locator('.monaco-editor').getByText('INSERT 0 2').first().waitFor();
    await workbench.screenshot('sql-output');

    await run('mistaken.sql');
    const failure = workbench.notification('mistaken.sql on dev/db: ERROR: relation "no_such_table"');
    await failure.waitFor();
    await workbench.screenshot('sql-failure');
    await failure.getByRole('button', { name: 'Open File' }).click();
    await workbench.page.locator('[id="status.editor.selection"]', { hasText: 'Ln 2' }).waitFor();

    await run('mistaken.sql');
    await failure.getByRole('button', { name: 'Show Output' }).click();
    await workbench.page.getByRole('tab', { name: 'dev db mistaken.sql.out' }).waitFor();
    await workbench.page.locator('.monaco-editor').getByText('?column?').first().waitFor();
  });

  it('opens a shell of the database with its own credentials', async () => {
    const { view, workbench } = berth();
    await view.open();
    await view.choose(['Database', 'Open Database Shell'], 'dev', 'db');
    await workbench.terminal('dev/db').waitFor();
    await workbench.terminalRows.filter({ hasText: 'app=#' }).waitFor();
    await workbench.type('SELECT 6*7 AS answer;');
    await workbench.terminalRows.filter({ hasText: /answer.*42/s }).waitFor();
    await workbench.screenshot('database-shell');
    await workbench.type('\\q');
    await workbench.page.locator('.terminal-wrapper').waitFor({ state: 'hidden' });
  });

  it('copies a connection string, with its password only when that is what was chosen', async () => {
    const { view, workbench } = berth();
    const copy = async (choice: string, message: string) => {
      await view.choose(['Copy', 'Copy Connection String…'], 'dev', 'db');
      await workbench.option(choice).waitFor();
      await workbench.screenshot('connection-strings');
      await workbench.option(choice).click();
      await statusBar(message).waitFor();
      return workbench.clipboard();
    };
    const masked = `postgresql://app:***@localhost:${port}/app`;
    assert.equal(await copy('From this machine', `Copied ${masked}`), masked);
    const inside = 'postgresql://app:***@db:5432/app';
    assert.equal(
      await copy('From other containers, with the password', `Copied ${inside} with its password`),
      inside.replace('***', 'never-seen-42'),
    );
  });

  it('shows logs as a document', async () => {
    const { view, workbench } = berth();
    await view.choose('Show Logs…', 'dev', 'db');
    await checkbox('As text, without following them').click();
    await workbench.page.keyboard.press('Enter');
    await workbench.page.getByText('How many of the last lines').first().waitFor();
    await workbench.quickInput.fill('all');
    await workbench.page.keyboard.press('Enter');
    await workbench.page.getByText('Since when?').first().waitFor();
    await workbench.page.keyboard.press('Enter');
    await workbench.page.getByRole('tab', { name: 'dev db logs.log' }).waitFor();
    await workbench.page.locator('.monaco-editor').getByText('database system is ready').first().waitFor();
    await workbench.screenshot('logs-document');
  });

  it('shows the resolved configuration without secrets, and with them when asked to', async () => {
    const { view, workbench } = berth();
    await view.choose(['Inspect', 'Show Resolved Configuration'], 'dev');
    const editor = workbench.page.locator('.monaco-editor .view-lines').first();
    await editor.filter({ hasText: 'POSTGRES_PASSWORD' }).waitFor();
    assert.ok(!(await editor.textContent())?.includes('never-seen-42'));
    await workbench.screenshot('configuration');
    await workbench.page.getByRole('button', { name: 'Show Secrets' }).click();
    await editor.filter({ hasText: 'never-seen-42' }).waitFor();
    await workbench.runCommand('View: Close All Editors');
  });

  it('runs a command in a new container, in a terminal that stays', async () => {
    const { view, workbench } = berth();
    await view.choose(['Commands and Files', 'Run Command…'], 'dev', 'cache');
    await workbench.option('In a new container, removed afterwards').click();
    await workbench.quickInput.fill('echo "answer: $((6*7))"');
    await workbench.page.keyboard.press('Enter');
    await workbench.terminalRows.filter({ hasText: 'answer: 42' }).waitFor();
    await workbench.screenshot('run-command');
  });

  it('opens a shell as the user that is chosen, and remembers who that was', async () => {
    const { view, workbench } = berth();
    await view.choose(['Commands and Files', 'Open Shell As…'], 'dev', 'db');
    await workbench.option('bash').click();
    await workbench.page.getByText('As which user?').first().waitFor();
    await workbench.quickInput.fill('postgres');
    await workbench.page.keyboard.press('Enter');
    await workbench.terminal('dev/db (postgres)').waitFor();
    await workbench.type('echo "I am $(whoami)"');
    await workbench.terminalRows.filter({ hasText: 'I am postgres' }).waitFor();
    await view.choose(['Commands and Files', 'Open Shell As…'], 'dev', 'db');
    await workbench.option('bash').click();
    await workbench.page.getByText('As which user?').first().waitFor();
    assert.equal(await workbench.quickInput.inputValue(), 'postgres');
    await workbench.page.keyboard.press('Escape');
    await workbench.runCommand('Terminal: Kill the Active Terminal Instance');
    await workbench.terminal('dev/db (postgres)').waitFor({ state: 'detached' });
    await view.choose('Open Shell', 'dev', 'db');
    await workbench.terminal('dev/db (postgres)').waitFor();

    await workbench.runCommand('Terminal: Kill the Active Terminal Instance');
    await workbench.terminal('dev/db (postgres)').waitFor({ state: 'detached' });
    await view.choose(['Commands and Files', 'Open Shell As…'], 'dev', 'db');
    await workbench.option(/^bash.*last time: bash as postgres/).waitFor();
    await workbench.screenshot('shell-choices');
    await workbench.option("The best one, as the container's own user").click();
    await workbench.terminal('dev/db').waitFor();
    await workbench.runCommand('Terminal: Kill the Active Terminal Instance');
    await workbench.terminal('dev/db').waitFor({ state: 'detached' });
    await view.choose('Open Shell', 'dev', 'db');
    await workbench.terminal('dev/db').waitFor();
  });

  it('copies a file out of a container and into one, and overwrites nothing unasked', async () => {
    const { view, workbench } = berth();
    const { keyboard } = workbench.page;
    const accept = async (prompt: string, value: string) => {
      await workbench.page.locator('.quick-input-widget').getByText(prompt).first().waitFor();
      await workbench.quickInput.fill(value);
      await keyboard.press('Enter');
    };
    const copyOut = async () => {
      await view.choose(['Commands and Files', 'Copy from Container…'], 'dev', 'cache');
      await accept('Which file or folder of dev/cache should be copied?', '/etc/hostname');
      // It begins in the workspace folder; the list says when it has got there.
      await workbench.page.locator('.quick-input-widget').getByText('Copy /etc/hostname to').first().waitFor();
      await workbench.option('..').waitFor();
      await workbench.page.locator('.quick-input-widget').getByRole('button', { name: 'Copy Here' }).click();
    };
    await copyOut();
    await workbench.notification('Copied /etc/hostname to').waitFor();
    assert.match(folder.read('harbour/hostname'), /^[0-9a-f]{12}$/m);
    folder.write('harbour/hostname', 'changed');
    await copyOut();
    await workbench.dialog.getByText(`Overwrite ${folder.path('harbour/hostname')}?`).waitFor();
    await workbench.dialog.getByRole('button', { name: 'Cancel' }).click();
    assert.equal(folder.read('harbour/hostname'), 'changed');

    const copyIn = async () => {
      await view.choose(['Commands and Files', 'Copy to Container…'], 'dev', 'cache');
      await workbench.option('hostname').click();
      await accept('To which folder of dev/cache?', '/tmp');
    };
    await copyIn();
    await statusBar('Copied hostname to dev/cache:/tmp/hostname').waitFor();
    assert.equal(await folder.docker('exec', folder.container('cache'), 'cat', '/tmp/hostname'), 'changed');
    await copyIn();
    await workbench.dialog.getByText('Overwrite dev/cache:/tmp/hostname?').waitFor();
    await workbench.screenshot('confirm-overwrite');
    await workbench.dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  it('empties a Redis, having said how many keys go', async () => {
    const { view, workbench } = berth();
    await folder.docker('exec', folder.container('cache'), 'redis-cli', 'MSET', 'a', '1', 'b', '2');
    await view.choose(['Database', 'Show Redis Info'], 'dev', 'cache');
    await workbench.page.getByRole('tab', { name: 'dev cache info.txt' }).waitFor();
    await workbench.page.locator('.monaco-editor').getByText('redis_version').first().waitFor();
    await view.choose(['Database', 'Flush Redis'], 'dev', 'cache');
    await workbench.dialog.getByText('in all of its databases: 2.').waitFor();
    await workbench.screenshot('confirm-flush');
    await workbench.dialog.getByRole('button', { name: 'Flush' }).click();
    await statusBar('dev/cache is empty').waitFor();
    assert.equal(await folder.docker('exec', folder.container('cache'), 'redis-cli', 'DBSIZE'), '0\n');
  });

  it('shows live what containers use', async () => {
    const { view, workbench } = berth();
    await view.choose(['Inspect', 'Show Live Stats'], 'dev');
    await workbench.terminal('Stats: dev').waitFor();
    await workbench.terminalRows.filter({ hasText: /db.*%/s }).waitFor();
    await workbench.screenshot('stats');
  });

  it('brings up attached in a terminal: Ctrl-C there stops the service, closing it does not', async () => {
    const { view, workbench } = berth();
    const attach = async () => {
      await view.choose(['More Operations', 'Up Attached'], 'dev', 'cache');
      await workbench.terminal('Up: dev/cache').waitFor();
      await workbench.terminalRows.filter({ hasText: /Ctrl-C stops cache|Ready to accept connections/ }).waitFor();
    };
    await attach();
    await workbench.page.keyboard.press('Control+C');
    await workbench.terminalRows.filter({ hasText: 'cache of dev has stopped' }).waitFor();
    await workbench.screenshot('up-attached');
    await view.untilRows(rows('healthy · 1/2', 'stopped', 'healthy'));
    await workbench.runCommand('Terminal: Kill the Active Terminal Instance');

    await attach();
    await workbench.runCommand('Terminal: Kill the Active Terminal Instance');
    const isThere = async () =>
      (await runOrFail('ps', ['-eo', 'args'])).includes(`--attach -C ${folder.path('harbour')}`);
    assert.ok(await poll(async () => !(await isThere()) || undefined, { limit: 10_000, interval: 50 }));
    await view.untilRows(rows('healthy · 2/2', 'healthy', 'healthy'));
  });

  it('says what a reset deletes, with sizes, and leaves all as it is when that is not wanted', async () => {
    const { view, workbench } = berth();
    await view.choose(['More Operations', 'Reset'], 'dev');
    await workbench.dialog.getByText('Reset dev, deleting its data?').waitFor();
    await workbench.dialog
      .getByText(new RegExp(`Volumes with [\\d.,]+ ?[kMG]B of data: .*${folder.project}_data`))
      .waitFor();
    await workbench.screenshot('confirm-reset');
    await workbench.dialog.getByRole('button', { name: 'Cancel' }).click();
    await workbench.dialog.waitFor({ state: 'detached' });
    await view.untilRows(rows('healthy · 2/2', 'healthy', 'healthy'));
    assert.match(await sql('SELECT count(*) FROM ship'), /\b2\b/);
  });

  it('resets, and is as new', async () => {
    const { view, workbench } = berth();
    await view.choose(['More Operations', 'Reset'], 'dev');
    await workbench.dialog.getByRole('button', { name: 'Reset', exact: true }).click();
    await view.untilHasRows([/^v dev resetting…/]);
    await statusBar('dev is reset: healthy · 2/2').waitFor({ timeout: 60_000 });
    await view.untilRows(rows('healthy · 2/2', 'healthy', 'healthy'));
    assert.match(await sql("SELECT count(*) FROM information_schema.tables WHERE table_name = 'ship'"), /\b0\b/);
  });

  it('offers all there is in the status bar, one step further', async () => {
    const { view, workbench, status } = berth();
    await status.click();
    await workbench.option('More for dev…').click();
    await workbench.option('Recreate').waitFor();
    await workbench.screenshot('status-more');
    await workbench.quickInput.fill('cache');
    await workbench.option('cache…').click();
    await workbench.option('Restart').click();
    await statusBar('dev/cache is restarted: ').waitFor();
    await view.untilRows(rows('healthy · 2/2', 'healthy', 'healthy'));
  });

  it('takes down with its data, having said what goes', async () => {
    const { view, workbench } = berth();
    await view.choose(['More Operations', 'Down with Volumes'], 'dev');
    await workbench.dialog.getByText('Take down dev and delete its data?').waitFor();
    await workbench.dialog.getByRole('button', { name: 'Down with Volumes' }).click();
    await view.untilRows(rows('stopped', 'stopped', 'stopped'));
    await statusBar('dev is down').waitFor();
    const label = `label=com.docker.compose.project=${folder.project}`;
    assert.equal(await folder.docker('volume', 'ls', '--quiet', '--filter', label), '');
  });
});
