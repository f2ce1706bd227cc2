import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { OPERATION_NAMES } from '../../../src/core/compose/operationCalls';
import { CONFIRMATIONS } from '../../../src/core/operations/consequences';
import { actionName } from '../../../src/extension/actionWords';
import { CHECKS_STATES } from '../../../src/extension/checks/findingTree';
import {
  CHECKS_VIEW,
  COMMANDS,
  COMPARISON_PANEL,
  CONTEXT_KEYS,
  DOCUMENT_SCHEMES,
  ENVIRONMENTS_VIEW,
  OTHER_CONFIRMATIONS,
  SETTINGS,
  VIEW_CONTAINER,
} from '../../../src/extension/contributions';
import { ACTIONS, OPERATION_ACTIONS, operationOf, SHOWN_ACTIONS } from '../../../src/extension/views/actions';
import type { ViewStateKind } from '../../../src/extension/views/viewState';
import { repositoryRoot } from '../../support/paths';

const read = (file: string) => JSON.parse(fs.readFileSync(path.join(repositoryRoot, file), 'utf8'));
const manifest = read('package.json');
const { contributes } = manifest;
const commandIds: readonly string[] = Object.values(COMMANDS);
const kindsWithWelcome: Record<Exclude<ViewStateKind, 'ready'>, true> = {
  noFolder: true,
  restricted: true,
  dockerMissing: true,
  scanning: true,
  noEnvironments: true,
  connecting: true,
  engineDown: true,
};

interface MenuEntry {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
  readonly group?: string;
}
const menu = (name: string): readonly MenuEntry[] => contributes.menus[name];
const submenus: readonly string[] = contributes.submenus.map(({ id }: { id: string }) => id);
const commandsOf = (entries: readonly MenuEntry[]) => entries.flatMap(({ command }) => command ?? []);
/** The entries for the rows of a view, the buttons among them. */
const onRows = (view: string) =>
  menu('view/item/context').filter(({ when }) => when?.split(' && ')[0] === `view == ${view}`);
/** What the context menu of an item has, with its submenus. */
const contextMenu = () => [
  ...onRows(ENVIRONMENTS_VIEW).filter((entry) => entry.command && !entry.group?.startsWith('inline')),
  ...submenus.flatMap(menu),
];

describe('package.json', () => {
  const declared: readonly { command: string; category: string; title: string }[] = contributes.commands;

  it('declares the commands that the code registers, all of Berth', () => {
    assert.deepEqual(declared.map(({ command }) => command).sort(), [...commandIds].sort());
    assert.deepEqual([...new Set(declared.map(({ category }) => category))], ['Berth']);
  });

  it('puts no command into a menu that there is not', () => {
    const used = Object.keys(contributes.menus).flatMap((name) => commandsOf(menu(name)));
    assert.deepEqual(
      used.filter((command) => !commandIds.includes(command)),
      [],
    );
  });

  it('offers every action of an item once in its context menu, under the condition that it has it', () => {
    const entries = contextMenu();
    assert.deepEqual(commandsOf(entries).sort(), ACTIONS.map((action) => COMMANDS[action]).sort());
    for (const action of ACTIONS) {
      const entry = entries.find(({ command }) => command === COMMANDS[action]);
      assert.equal(entry?.when, `view == ${ENVIRONMENTS_VIEW} && viewItem =~ /(^| )${action}( |$)/`);
    }
  });

  it('has what can be done with a finding in its context menu', () => {
    const entries = onRows(CHECKS_VIEW).filter(({ group }) => !group?.startsWith('inline'));
    const { fixFinding, ignoreFinding, explainFinding, copyFinding } = COMMANDS;
    assert.deepEqual(commandsOf(entries), [fixFinding, ignoreFinding, explainFinding, copyFinding]);
    for (const [index, word] of ['fixFinding', 'ignoreFinding', 'finding', 'finding'].entries()) {
      assert.ok(entries[index]?.when?.endsWith(`viewItem =~ /(^| )${word}( |$)/`), word);
    }
    assert.equal(
      menu('view/item/context').length,
      onRows(ENVIRONMENTS_VIEW).length + onRows(CHECKS_VIEW).length,
      'an entry is for the rows of no view',
    );
  });

  it('keeps the context menu short: what is rarer is in submenus, each of them in the menu once', () => {
    const top = onRows(ENVIRONMENTS_VIEW).filter((entry) => !entry.group?.startsWith('inline'));
    const used = top.flatMap(({ submenu }) => submenu ?? []);
    assert.deepEqual([...used].sort(), [...submenus].sort());
    assert.ok(top.length <= 20, `${top.length} entries`);
    for (const name of submenus) assert.ok(menu(name).length >= 2 && menu(name).length <= 11, name);
  });

  it('has every operation as an action, and every action a name that is the title of its command', () => {
    const operations = new Set(OPERATION_ACTIONS.map((action) => operationOf(action)?.operation));
    assert.deepEqual([...operations].sort(), [...OPERATION_NAMES].sort());
    const titles = read('package.nls.json');
    for (const action of ACTIONS) {
      assert.equal(titles[`command.${action}`], actionName(action));
      assert.equal(declared.find(({ command }) => command === COMMANDS[action])?.title, `%command.${action}%`);
    }
  });

  it('has the order in which commands are shown, those of every operation among them', () => {
    const inOrder = (entries: readonly MenuEntry[]): readonly MenuEntry[] =>
      [...entries]
        .filter(({ group }) => !group?.startsWith('inline'))
        .sort((a, b) => ((a.group ?? '') < (b.group ?? '') ? -1 : 1))
        .flatMap((entry) => (entry.submenu === undefined ? [entry] : inOrder(menu(entry.submenu))));
    const shown = SHOWN_ACTIONS.map((action) => COMMANDS[action] as string);
    const listed = commandsOf(inOrder(onRows(ENVIRONMENTS_VIEW)));
    assert.deepEqual(
      shown,
      listed.filter((command) => shown.includes(command)),
    );
    assert.deepEqual(
      OPERATION_ACTIONS.filter((action) => !shown.includes(COMMANDS[action])),
      [],
    );
  });

  it('shows as buttons what an item asks for as buttons', () => {
    const buttons = menu('view/item/context').filter((entry) => entry.group?.startsWith('inline'));
    const names = buttons.map(({ when }) => /inline-(\w+)/.exec(when ?? '')?.[1]);
    assert.deepEqual(
      buttons.map(({ command }) => command),
      names.map((name) => `berth.${name}`),
    );
    assert.deepEqual(names.sort(), [
      'cancelOperation',
      'copyExample',
      'down',
      'fixFinding',
      'logs',
      'retry',
      'runEnvironmentCommand',
      'start',
      'stop',
      'up',
    ]);
    const icons = new Map(
      contributes.commands.map((command: { command: string; icon?: string }) => [command.command, command.icon]),
    );
    assert.deepEqual(
      buttons.filter(({ command }) => !icons.get(command ?? '')),
      [],
    );
  });

  it('has every command in the palette, none of them hidden for good', () => {
    const conditions = menu('commandPalette');
    assert.deepEqual(
      conditions.filter(({ when }) => !when || when === 'false'),
      [],
    );
    // What has no condition is always there.
    const unconditional = commandIds.filter((id) => !commandsOf(conditions).includes(id));
    assert.deepEqual(unconditional, [COMMANDS.showOutput]);
    assert.equal(new Set(commandsOf(conditions)).size, conditions.length);
  });

  it('has the buttons of documents on those that Berth makes, and SQL files in the explorer', () => {
    const [secrets, refresh, toggle] = menu('editor/title');
    assert.deepEqual(commandsOf(menu('editor/title')), [
      COMMANDS.showSecrets,
      COMMANDS.refreshDocument,
      COMMANDS.toggleSame,
      COMMANDS.applyFixes,
    ]);
    for (const one of [secrets, refresh]) assert.ok(one?.when?.includes(`resourceScheme`), one?.when);
    assert.equal(toggle?.when, `activeWebviewPanelId == '${COMPARISON_PANEL}'`);
    assert.ok(manifest.activationEvents.includes(`onWebviewPanel:${COMPARISON_PANEL}`));
    assert.match(menu('editor/title')[0]?.when ?? '', new RegExp(`resourceScheme == ${DOCUMENT_SCHEMES.masked} `));
    assert.ok(menu('editor/title')[1]?.when?.includes(DOCUMENT_SCHEMES.open.slice(DOCUMENT_SCHEMES.masked.length)));
    assert.deepEqual(commandsOf(menu('explorer/context')), [COMMANDS.runSqlFile]);
  });

  it('has a text for every state in which the view is empty', () => {
    const conditions = contributes.viewsWelcome.map(({ when }: { when: string }) => when).join('\n');
    for (const kind of Object.keys(kindsWithWelcome)) {
      assert.match(conditions, new RegExp(`${CONTEXT_KEYS.viewState} == ${kind}\\b`));
    }
    assert.ok(conditions.includes(`${CONTEXT_KEYS.engineProblem} == forbidden`));
    const ofChecks = contributes.viewsWelcome.filter(({ view }: { view: string }) => view === CHECKS_VIEW);
    assert.deepEqual(
      ofChecks.map(({ when }: { when: string }) => when),
      CHECKS_STATES.filter((state) => state !== 'ready').map((state) => `${CONTEXT_KEYS.checksState} == ${state}`),
    );
  });

  it('has the views in their container, and the settings', () => {
    assert.equal(contributes.viewsContainers.activitybar[0].id, VIEW_CONTAINER);
    assert.deepEqual(
      contributes.views[VIEW_CONTAINER].map(({ id }: { id: string }) => id),
      [ENVIRONMENTS_VIEW, CHECKS_VIEW],
    );
    const kinds = [...CONFIRMATIONS, ...OTHER_CONFIRMATIONS];
    const { properties } = contributes.configuration;
    assert.deepEqual(
      Object.keys(properties),
      [SETTINGS.logsTail, SETTINGS.elsewhereShow, ...kinds.map(SETTINGS.confirm)].map(
        (name) => `${SETTINGS.section}.${name}`,
      ),
    );
    // Whoever takes down an environment has it again with the next click.
    assert.deepEqual(
      kinds.filter((kind) => !properties[`${SETTINGS.section}.${SETTINGS.confirm(kind)}`].default),
      ['down'],
    );
  });

  it('links only to commands that there are', () => {
    const texts = Object.values<string>(read('package.nls.json')).join('\n');
    const linked = [...texts.matchAll(/\]\(command:(berth\.[\w.]+)/g)].map(([, id = '']) => id);
    assert.ok(linked.length > 5);
    assert.deepEqual(
      linked.filter((id) => !commandIds.includes(id) && id !== `${ENVIRONMENTS_VIEW}.focus`),
      [],
    );
  });

  it('has a text for every placeholder, and no text that nothing uses', () => {
    const placeholders = [...JSON.stringify(manifest).matchAll(/"%([^%"]+)%"/g)].map(([, key = '']) => key);
    assert.deepEqual([...new Set(placeholders)].sort(), Object.keys(read('package.nls.json')).sort());
  });

  it('names only files that there are', () => {
    const files = [
      manifest.icon,
      contributes.viewsContainers.activitybar[0].icon,
      ...contributes.walkthroughs[0].steps.map(({ media }: { media: { svg: string } }) => media.svg),
    ];
    assert.deepEqual(
      files.filter((file) => !fs.existsSync(path.join(repositoryRoot, file))),
      [],
    );
  });
});
