import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { parseCommandLine } from '../../src/cli/commandLine';
import { actionName } from '../../src/extension/actionWords';
import { usefulActions } from '../../src/extension/commands/statusActions';
import { COMMANDS } from '../../src/extension/contributions';
import { ACTIONS, type Action, SERVICE_ACTIONS, serviceActions } from '../../src/extension/views/actions';
import { repositoryRoot } from '../support/paths';
import { container, environment, service } from './cli/examples';
import { activity } from './extension/examples';

/** The table between these lines is made here: `BERTH_UPDATE_DOCS=1 npm test -- unit` writes it. */
const DOCUMENT = path.join(repositoryRoot, 'docs', 'operations.md');
const [FIRST_LINE, LAST_LINE] = ['<!-- operations: from the code -->', '<!-- end of operations -->'];

/** What to type for each; where there is no command, why, in parentheses. */
const COMMAND_LINES: Readonly<Record<Action, string>> = {
  up: 'berth up dev',
  upWithBuild: 'berth up dev --build',
  upWithChoices: 'berth up dev --profile tools --build',
  upAttached: 'berth up dev --attach',
  start: 'berth start dev',
  restart: 'berth restart dev',
  stop: 'berth stop dev',
  pause: 'berth pause dev',
  unpause: 'berth unpause dev',
  kill: 'berth kill dev',
  recreate: 'berth recreate dev',
  rebuild: 'berth rebuild dev',
  build: 'berth build dev',
  buildWithoutCache: 'berth build dev --no-cache',
  pull: 'berth pull dev',
  scale: 'berth scale dev web=3',
  remove: 'berth remove dev',
  down: 'berth down dev',
  downWithVolumes: 'berth down dev --volumes',
  downWithDataFolders: 'berth down dev --volumes --data-folders',
  reset: 'berth reset dev',
  resetWithDataFolders: 'berth reset dev --data-folders',
  runTests: 'berth test test unit',
  runEnvironmentCommand: 'berth run dev migrate',
  accept: 'berth accept dev',
  finishAndRemove: 'berth clean --kept',
  removeLeftovers: 'berth clean',
  cancelOperation: '(Ctrl-C)',
  showCommand: 'berth up dev --show-command',
  logs: 'berth logs dev',
  logsWithChoices: 'berth logs dev web --since 10m --timestamps',
  shell: 'berth shell dev web',
  shellAs: 'berth shell dev web --user root --shell sh',
  runCommand: 'berth exec dev web -- ls /',
  copyFromContainer: 'berth cp dev web:/etc/hosts .',
  copyToContainer: 'berth cp dev app.conf web:/etc/',
  databaseShell: 'berth db dev postgres',
  runSqlFile: 'berth db dev postgres --file seed.sql',
  redisInfo: 'berth redis info dev',
  redisFlush: 'berth redis flush dev',
  stats: 'berth stats dev',
  watch: 'berth watch dev',
  openPort: 'berth open dev web',
  copyAddress: 'berth open dev',
  copyConnectionString: 'berth url dev postgres',
  copyName: '(berth status dev shows it)',
  inspectContainer: 'berth inspect dev web',
  inspectImage: 'berth inspect dev web --image',
  showConfiguration: 'berth inspect dev --config',
  compareEnvironments: 'berth compare dev test',
  limit: 'berth limit dev db --memory 512M --log-size 10m',
  openFile: '(an editor does that)',
};

/** Why `--show-command` has nothing to show of some. */
const NO_COMMAND: Partial<Readonly<Record<Action, string>>> = {
  cancelOperation: '(a signal to what runs)',
  showCommand: '(is that)',
  stats: "(the engine's API)",
  runTests: '(several)',
  accept: '(several)',
  finishAndRemove: '(several)',
  removeLeftovers: '(several)',
  openPort: '(a browser)',
  copyAddress: "(the engine's API)",
  copyConnectionString: '(several, and a password)',
  copyName: "(the engine's API)",
  compareEnvironments: '(several, side by side)',
  inspectContainer: "(the engine's API)",
  inspectImage: "(the engine's API)",
  limit: '(writes a file)',
  openFile: '(an editor)',
};

describe('the table of operations in the documentation', () => {
  it('has a command line for each, which there is', () => {
    for (const line of Object.values(COMMAND_LINES)) {
      if (line.startsWith('(')) continue;
      assert.equal(parseCommandLine(line.split(' ').slice(1)).kind, 'command', line);
    }
  });

  it('has the command behind each, or why there is none', () => {
    for (const action of ACTIONS) {
      if (NO_COMMAND[action] !== undefined) continue;
      const [words = '', command] = COMMAND_LINES[action].split(' -- ');
      const line = [...words.split(' ').slice(1), '--show-command', ...(command ? ['--', command] : [])];
      assert.equal(parseCommandLine(line).kind, 'command', action);
    }
  });

  it('is what the code says', () => {
    const [before, rest] = fs.readFileSync(DOCUMENT, 'utf8').split(`${FIRST_LINE}\n`);
    const [there, after] = rest?.split(LAST_LINE) ?? [];
    assert.ok(after !== undefined, `${DOCUMENT} has a place for the table`);
    const made = `\n${table()}\n\n`;
    if (process.env.BERTH_UPDATE_DOCS === '1') {
      fs.writeFileSync(DOCUMENT, `${before}${FIRST_LINE}\n${made}${LAST_LINE}${after}`);
    } else {
      assert.equal(there, made, 'BERTH_UPDATE_DOCS=1 npm test -- unit writes it anew');
    }
  });
});

function table(): string {
  const rows = [
    ['Operation', 'On', 'Tree', 'Palette', 'Status bar', 'Command line', '`--show-command`'],
    ...ACTIONS.map((action) => [
      actionName(action),
      appliesTo(action),
      placeInTree(action),
      isInPalette(action) ? 'yes' : 'no',
      STATUS_BAR.has(action) ? 'first list' : '“More…”',
      COMMAND_LINES[action].startsWith('(') ? COMMAND_LINES[action] : `\`${COMMAND_LINES[action]}\``,
      NO_COMMAND[action] ?? 'yes',
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

const services = [service('db', { image: 'postgres:16' }), service('web', { watched: true, built: true })];
const ports = [{ target: 8080, published: 8080, protocol: 'tcp' }];
/** Environments in the states that between them allow everything that there is. */
const STATES = [
  environment('dev', { services }),
  environment('test', { services }),
  environment('dev', { services, containers: [container('db', { ports }), container('web', { ports })] }),
  environment('dev', {
    services,
    containers: [container('db', { state: 'exited' }), container('web', { state: 'paused' })],
  }),
];
const STATUS_BAR: ReadonlySet<Action> = new Set([
  ...STATES.flatMap((state) => usefulActions(state, activity())),
  ...(['kept', 'left'] as const).flatMap((run) => STATES.flatMap((state) => usefulActions(state, activity([], run)))),
  // What runs can be cancelled there, too.
  'cancelOperation' as const,
]);

function appliesTo(action: Action): string {
  if (SERVICE_ACTIONS.has(action)) return 'a service';
  const onServices = STATES.some((state) => state.services.some((one) => serviceActions(one, state).has(action)));
  return onServices ? 'environments, services' : 'environments';
}

interface MenuEntry {
  readonly command?: string;
  readonly submenu?: string;
  readonly group?: string;
  readonly when?: string;
}

function contributed(): { menus: Record<string, MenuEntry[]>; submenus: { id: string; label: string }[] } {
  return JSON.parse(fs.readFileSync(path.join(repositoryRoot, 'package.json'), 'utf8')).contributes;
}

/** The way to it in the context menu. */
function placeInTree(action: Action): string {
  const { menus, submenus } = contributed();
  const has = (name: string) =>
    menus[name]?.some(({ command, group }) => command === COMMANDS[action] && !group?.startsWith('inline'));
  if (has('view/item/context')) return 'yes';
  const submenu = submenus.find(({ id }) => has(id));
  if (!submenu) return 'no';
  const words = JSON.parse(fs.readFileSync(path.join(repositoryRoot, 'package.nls.json'), 'utf8'));
  return words[submenu.label.replaceAll('%', '')];
}

/** VS Code lists every command there that no condition keeps out. */
function isInPalette(action: Action): boolean {
  return (
    contributed().menus.commandPalette?.every(
      ({ command, when }) => command !== COMMANDS[action] || when !== 'false',
    ) === true
  );
}
