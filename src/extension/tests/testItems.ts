import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../core/common/disposable';
import type { EnvironmentStore } from '../../core/environmentStore';
import { allCommands, commandsOf, type EnvironmentCommand } from '../../core/model/command';
import { placeOf } from '../../core/model/environment';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import { mainTestAmong } from '../../core/runs/meantForTests';
import { placeSelection } from '../places';
import { nameAmong } from '../words';

/** A test command of an environment, as it is to be run. */
export interface TestTarget {
  readonly environment: EnvironmentSnapshot;
  readonly command: EnvironmentCommand;
  readonly item: vscode.TestItem;
}

/**
 * The items of the Test Explorer that are there before anything has run: the environments that have test commands, and these beneath
 * them. They follow the store; what is the same stays, with how it ended and the tests that its report told.
 */
export class TestItems implements Disposable {
  private readonly owned = new DisposableStore();

  constructor(
    private readonly controller: vscode.TestController,
    private readonly store: EnvironmentStore,
  ) {
    this.owned.add(store.onDidChange(() => this.update()));
    this.update();
  }

  dispose(): void {
    this.owned.dispose();
  }

  /**
   * What is meant by some items: the commands beneath environments, and the command that reported a test.
   * @param chosen when left out, what is meant in each workspace folder where nothing is named.
   * @param excluded items that are not meant, nor what is beneath them.
   */
  targets(chosen: readonly vscode.TestItem[] | undefined, excluded: readonly vscode.TestItem[] = []): TestTarget[] {
    const isAbove = (upper: vscode.TestItem, item: vscode.TestItem) =>
      [item, item.parent].some((one) => one?.id === upper.id);
    const commands = chosen?.map((item) => this.commandOf(item));
    const isMeant = ({ environment, command, item }: TestTarget) =>
      commands
        ? commands.some((one) => isAbove(one, item))
        : command === mainTestAmong(environment, this.store.environments);
    return this.all().filter((target) => isMeant(target) && !excluded.some((one) => isAbove(one, target.item)));
  }

  private all(): TestTarget[] {
    return this.tested.flatMap((environment) => {
      const above = this.controller.items.get(environment.definition.id);
      return testsOf(environment).flatMap((command) => {
        const item = above?.children.get(commandId(environment, command));
        return item ? [{ environment, command, item }] : [];
      });
    });
  }

  /** The item of a command for what is beneath it, else the item itself. */
  private commandOf(item: vscode.TestItem): vscode.TestItem {
    let found = item;
    while (found.parent?.parent) found = found.parent;
    return found;
  }

  /** Nothing of a workspace that is not trusted can be run. */
  private get tested(): readonly EnvironmentSnapshot[] {
    const { isTrusted, environments } = this.store;
    return isTrusted ? environments.filter((environment) => testsOf(environment).length > 0) : [];
  }

  private update(): void {
    const { items } = this.controller;
    keepOnly(
      items,
      this.tested.map(({ definition }) => definition.id),
    );
    for (const [index, environment] of this.tested.entries()) {
      const { definition } = environment;
      const place = placeOf(definition);
      const name = nameAmong(environment, this.store.environments);
      const item = this.item(items, definition.id, name, index, vscode.Uri.file(place.file));
      item.range = place.line === undefined ? undefined : placeSelection(place);
      const tests = testsOf(environment);
      keepOnly(
        item.children,
        tests.map((command) => commandId(environment, command)),
      );
      for (const [at, command] of tests.entries()) {
        // Without a description: screen readers would be told that in the place of the name.
        this.item(item.children, commandId(environment, command), command.name, at);
      }
    }
  }

  /** The item of an id, which is made where there is none, or it stands in another file now. @param index where it stands among others. */
  private item(
    among: vscode.TestItemCollection,
    id: string,
    name: string,
    index: number,
    uri?: vscode.Uri,
  ): vscode.TestItem {
    const known = among.get(id);
    const item = known && known.uri?.fsPath === uri?.fsPath ? known : this.controller.createTestItem(id, name, uri);
    item.label = name;
    item.sortText = String(index).padStart(6, '0');
    if (item !== known) among.add(item);
    return item;
  }
}

function testsOf({ definition }: EnvironmentSnapshot): readonly EnvironmentCommand[] {
  return commandsOf(allCommands(definition), 'test');
}

function commandId({ definition }: EnvironmentSnapshot, { name }: EnvironmentCommand): string {
  return `${definition.id}\n${name}`;
}

function keepOnly(items: vscode.TestItemCollection, ids: readonly string[]): void {
  const gone = [...items].map(([id]) => id).filter((id) => !ids.includes(id));
  for (const id of gone) items.delete(id);
}
