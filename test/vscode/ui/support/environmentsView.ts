import type { Locator } from 'playwright-core';
import { poll, settledWithin } from '../../../support/processes';
import type { Workbench } from '../../../support/workbench';

/** What a test expects of a row: exactly this, or something like it. */
export type ExpectedRow = string | RegExp;

/** A row as a user, and a screen reader, meets it. */
interface ShownRow {
  /** Position in the view, from 0. */
  readonly index: number;
  /** From 1, the outermost. */
  readonly level: number;
  readonly label: string;
  readonly description: string;
  /** Undefined for a row that can't be expanded. */
  readonly expanded: boolean | undefined;
  readonly selected: boolean;
  /** Whether keys are for it. */
  readonly focused: boolean;
  /** What a screen reader says. */
  readonly spoken: string;
}

/**
 * The Environments view, read as a whole: that shows what came, what went and what stayed at once. A row is written as
 * `> test stopped`, with `v` for one that is expanded and two spaces for one that can't be, indented by its level.
 */
export class EnvironmentsView {
  constructor(private readonly workbench: Workbench) {}

  get tree(): Locator {
    return this.workbench.tree('Environments');
  }

  /** What the view says when it has no rows. */
  get welcome(): Locator {
    return this.workbench.page.locator('.part.sidebar .welcome-view-content');
  }

  /** Opens it from the activity bar, as a user does first. */
  async open(): Promise<void> {
    await this.workbench.activity('Berth').click();
    await this.workbench.page.locator('.part.sidebar .pane-header', { hasText: 'Environments' }).waitFor();
  }

  /** The row of an environment, or of a service of it. */
  async row(environment: string, service?: string): Promise<Locator> {
    const rows = await this.rows();
    const at = rows.findIndex((row) => row.label === environment && row.expanded !== undefined);
    const level = (rows[at]?.level ?? 0) + 1;
    const end = rows.findIndex((row, index) => index > at && row.level < level);
    const below = rows.slice(at + 1, end < 0 ? undefined : end);
    const wanted = service === undefined ? rows[at] : below.find((row) => row.label === service);
    if (at < 0 || !wanted) throw new Error(`No row ${environment} ${service ?? ''} in:\n${written(rows)}`);
    return this.tree.locator(`.monaco-list-row[data-index="${wanted.index}"]`);
  }

  /** Presses a button in the row of an environment or a service. */
  async press(action: string, environment: string, service?: string): Promise<void> {
    await this.workbench.clickRowAction(await this.row(environment, service), action);
  }

  /** Waits until a row has a button for this. An environment has one for Up only once Compose has said what it contains. */
  async untilOffers(action: string, environment: string): Promise<void> {
    const row = await this.row(environment);
    await row.hover();
    await row.getByRole('button', { name: action }).waitFor();
  }

  /**
   * Moves the mouse over a row until its tooltip shows, and from there onto a link in it. VS Code takes a tooltip away when it draws the
   * row anew, and shows it again only to a mouse that moves.
   */
  async hoverLink(name: RegExp, environment: string): Promise<Locator> {
    const { page } = this.workbench;
    const tooltip = page.locator('.monaco-hover');
    const link = tooltip.locator('a').filter({ hasText: name });
    const shown = new Set<string>();
    const isOver = await poll(
      async () => {
        await page.locator('.part.statusbar').hover();
        await (await this.row(environment)).hover();
        const isThere = await settledWithin(link.waitFor({ timeout: 3_000 }), 3_000);
        for (const text of await tooltip.allInnerTexts()) shown.add(text);
        const onto = () =>
          link.hover({ timeout: 3_000 }).then(
            () => true,
            () => undefined,
          );
        return isThere && (await link.count()) > 0 ? onto() : undefined;
      },
      { limit: 20_000 },
    );
    if (isOver) return link;
    const rows = written(await this.rows());
    throw new Error(`No link ${name} in the tooltip of ${environment}, but\n${[...shown].join('\n\n')}\nin\n${rows}`);
  }

  /** Opens the context menu of a row and chooses an entry; of several, the last, in the submenus before it. */
  async choose(entry: string | readonly string[], environment: string, service?: string): Promise<void> {
    await (await this.row(environment, service)).click({ button: 'right' });
    await this.chooseInMenu(...[entry].flat());
  }

  /** Chooses in the context menu that is open. */
  async chooseInMenu(...entries: readonly string[]): Promise<void> {
    const { keyboard } = this.workbench.page;
    // By key: for a moment after it opened, the menu takes no click, lest the one that opened it choose something.
    for (const [index, entry] of entries.entries()) {
      await this.focusEntry(entry);
      await keyboard.press(index < entries.length - 1 ? 'ArrowRight' : 'Enter');
    }
  }

  /** Moves through the menu that has the keys as far as an entry: a submenu is part of the entry that opens it. */
  private async focusEntry(name: string): Promise<void> {
    const { page } = this.workbench;
    const item = page.getByRole('menuitem', { name, exact: true });
    await item.waitFor();
    const focused = page.locator('.monaco-menu .action-item.focused > .action-menu-item').and(item);
    const entries = await page.getByRole('menuitem').count();
    for (let step = 0; step < entries && (await focused.count()) === 0; step++) await page.keyboard.press('ArrowDown');
    await focused.waitFor();
  }

  /** Selects several rows, and opens the context menu of the last. */
  async openMenuOfSelected(...rows: readonly (readonly [environment: string, service?: string])[]): Promise<void> {
    for (const [index, [environment, service]] of rows.entries()) {
      await (await this.row(environment, service)).click(index > 0 ? { modifiers: ['ControlOrMeta'] } : {});
    }
    const [environment = '', service] = rows.at(-1) ?? [];
    await (await this.row(environment, service)).click({ button: 'right' });
  }

  /**
   * Expands the row of an environment that is collapsed, or the other way round. In one event: between pressing and releasing a button of the mouse,
   * the tree may draw the row anew, and nothing is clicked then.
   */
  async toggle(environment: string): Promise<void> {
    await (await this.row(environment)).locator('.monaco-tl-twistie').dispatchEvent('click');
  }

  /**
   * Waits until the view has exactly these rows.
   * @throws when it has not within `limit` milliseconds, with what it has.
   */
  async untilRows(expected: readonly ExpectedRow[], limit = 30_000): Promise<void> {
    await this.until(
      (rows) => rows.length === expected.length && rows.every((row, index) => matches(row, expected[index] ?? '')),
      `exactly\n${expected.map(String).join('\n')}`,
      limit,
    );
  }

  /** Waits until the view has these rows, in this order, and maybe others. */
  async untilHasRows(expected: readonly ExpectedRow[], limit = 30_000): Promise<void> {
    await this.until(
      (rows) => {
        let next = 0;
        for (const row of rows) if (next < expected.length && matches(row, expected[next] ?? '')) next++;
        return next === expected.length;
      },
      `among others\n${expected.map(String).join('\n')}`,
      limit,
    );
  }

  /** The view's rows as they are now, each as one line. */
  async lines(): Promise<string[]> {
    return (await this.rows()).map(line);
  }

  /** The labels of the rows that are selected. */
  async selected(): Promise<string[]> {
    return (await this.rows()).filter((row) => row.selected).map((row) => row.label);
  }

  /** The label of the row that keys are for; undefined when there is none. */
  async focused(): Promise<string | undefined> {
    return (await this.rows()).find((row) => row.focused)?.label;
  }

  /** What a screen reader says of each row. */
  async spoken(): Promise<string[]> {
    return (await this.rows()).map((row) => row.spoken);
  }

  private async rows(): Promise<ShownRow[]> {
    const rows = await this.tree.getByRole('treeitem').evaluateAll((elements) =>
      elements.map((element): ShownRow => {
        const text = (selector: string) => element.querySelector(selector)?.textContent?.trim() ?? '';
        const expanded = element.getAttribute('aria-expanded');
        return {
          index: Number(element.getAttribute('data-index')),
          level: Number(element.getAttribute('aria-level')),
          label: text('.monaco-icon-name-container'),
          description: text('.monaco-icon-description-container'),
          expanded: expanded === null ? undefined : expanded === 'true',
          selected: element.getAttribute('aria-selected') === 'true',
          focused: element.classList.contains('focused'),
          spoken: element.getAttribute('aria-label') ?? '',
        };
      }),
    );
    // The list puts rows into the page in the order in which it came to draw them.
    return rows.sort((a, b) => a.index - b.index);
  }

  private async until(holds: (rows: readonly ShownRow[]) => boolean, wanted: string, limit: number): Promise<void> {
    const look = async () => holds(await this.rows()) || undefined;
    if (await poll(look, { limit, interval: 50 })) return;
    throw new Error(`Expected ${wanted}\nbut the view shows\n${written(await this.rows())}`);
  }
}

function matches(row: ShownRow, expected: ExpectedRow): boolean {
  return typeof expected === 'string' ? line(row) === expected : expected.test(line(row));
}

function line({ level, label, description, expanded }: ShownRow): string {
  const mark = expanded === undefined ? ' ' : expanded ? 'v' : '>';
  return `${'  '.repeat(level - 1)}${mark} ${[label, description].filter(Boolean).join(' ')}`;
}

function written(rows: readonly ShownRow[]): string {
  return rows.length === 0 ? '(no rows)' : rows.map(line).join('\n');
}
