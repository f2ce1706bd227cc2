import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {
  COMMANDS,
  CONTEXT_KEYS,
  ENVIRONMENTS_VIEW,
  SETTINGS,
  VIEW_CONTAINER,
} from '../../../src/extension/contributions';
import { ACTIONS } from '../../../src/extension/views/actions';
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
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}
const menu = (name: string): readonly MenuEntry[] => contributes.menus[name];

describe('package.json', () => {
  it('declares the commands that the code registers, all of Berth', () => {
    const declared: readonly { command: string; category: string }[] = contributes.commands;
    assert.deepEqual(declared.map(({ command }) => command).sort(), [...commandIds].sort());
    assert.deepEqual([...new Set(declared.map(({ category }) => category))], ['Berth']);
  });

  it('puts no command into a menu that there is not', () => {
    const used = Object.keys(contributes.menus).flatMap((name) => menu(name).map((entry) => entry.command));
    assert.deepEqual(
      used.filter((command) => !commandIds.includes(command)),
      [],
    );
  });

  it('offers every action of an item in its context menu, under the condition that it has it', () => {
    const inMenu = menu('view/item/context').filter((entry) => !entry.group?.startsWith('inline'));
    assert.deepEqual(inMenu.map((entry) => entry.command).sort(), ACTIONS.map((action) => COMMANDS[action]).sort());
    for (const action of ACTIONS) {
      const entry = inMenu.find(({ command }) => command === COMMANDS[action]);
      assert.equal(entry?.when, `view == ${ENVIRONMENTS_VIEW} && viewItem =~ /(^| )${action}( |$)/`);
    }
  });

  it('shows as buttons what an item asks for as buttons', () => {
    const buttons = menu('view/item/context').filter((entry) => entry.group?.startsWith('inline'));
    const names = buttons.map(({ when }) => /inline-(\w+)/.exec(when ?? '')?.[1]);
    assert.deepEqual(
      buttons.map(({ command }) => command),
      names.map((name) => `berth.${name}`),
    );
    assert.deepEqual(names.sort(), ['cancelOperation', 'down', 'logs', 'retry', 'start', 'stop', 'up']);
    const icons = new Map(
      contributes.commands.map((command: { command: string; icon?: string }) => [command.command, command.icon]),
    );
    assert.deepEqual(
      buttons.filter(({ command }) => !icons.get(command)),
      [],
    );
  });

  it('has every command in the palette, none of them hidden for good', () => {
    const conditions = menu('commandPalette');
    assert.deepEqual(
      conditions.filter(({ when }) => !when || when === 'false'),
      [],
    );
  });

  it('has a text for every state in which the view is empty', () => {
    const conditions = contributes.viewsWelcome.map(({ when }: { when: string }) => when).join('\n');
    for (const kind of Object.keys(kindsWithWelcome)) {
      assert.match(conditions, new RegExp(`${CONTEXT_KEYS.viewState} == ${kind}\\b`));
    }
    assert.ok(conditions.includes(`${CONTEXT_KEYS.engineProblem} == forbidden`));
  });

  it('has the view in its container, and the setting', () => {
    assert.equal(contributes.viewsContainers.activitybar[0].id, VIEW_CONTAINER);
    assert.equal(contributes.views[VIEW_CONTAINER][0].id, ENVIRONMENTS_VIEW);
    assert.deepEqual(Object.keys(contributes.configuration.properties), [`${SETTINGS.section}.${SETTINGS.logsTail}`]);
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
