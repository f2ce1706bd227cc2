import * as vscode from 'vscode';
import type { Place } from '../../core/common/errors';
import { COMMANDS, VSCODE_COMMANDS } from '../contributions';
import { placeSelection } from '../places';
import type { Icon, Row, Tooltip } from './row';

/** What VS Code shows for a node. */
export function treeItem(node: { readonly id: string }, row: Row): vscode.TreeItem {
  const { None, Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(row.label, row.expanded === undefined ? None : row.expanded ? Expanded : Collapsed);
  item.id = node.id;
  item.description = row.description;
  item.iconPath = themeIcon(row.icon);
  item.tooltip = markdown(row.tooltip);
  item.contextValue = row.contextValue;
  item.accessibilityInformation = { label: row.accessibleLabel };
  item.command = clickCommand(row);
  return item;
}

/** An icon as VS Code takes it. */
export function themeIcon({ id, colour }: Icon): vscode.ThemeIcon {
  return new vscode.ThemeIcon(id, colour === undefined ? undefined : new vscode.ThemeColor(colour));
}

function clickCommand({ click, label }: Row): vscode.Command | undefined {
  switch (click?.kind) {
    case undefined:
      return undefined;
    case 'open':
      return {
        command: VSCODE_COMMANDS.open,
        title: label,
        arguments: [vscode.Uri.file(click.place.file), { selection: placeSelection(click.place) }],
      };
    case 'manageTrust':
      // VS Code has its own ready only some time after it shows the view, and greys out the row until then.
      return { command: COMMANDS.manageTrust, title: label };
  }
}

/** Everything in it is appended as text: names and messages of others are no Markdown. */
function markdown({ title, text, facts }: Tooltip): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString().appendMarkdown('**').appendText(title).appendMarkdown('**');
  if (text) tooltip.appendMarkdown('\n\n').appendText(text);
  for (const [index, { name, value, parts = [{ text: value }] }] of facts.entries()) {
    tooltip.appendMarkdown(index === 0 ? '\n\n' : '  \n').appendText(`${name}: `);
    for (const { text, place } of parts) {
      if (place)
        tooltip
          .appendMarkdown('[')
          .appendText(text)
          .appendMarkdown(`](${linkTo(place)})`);
      else tooltip.appendText(text);
    }
  }
  return tooltip;
}

/** What VS Code opens at a line. Brackets would end a link in Markdown. */
function linkTo({ file, line }: Place): string {
  const uri = vscode.Uri.file(file).with({ fragment: line === undefined ? '' : `L${line}` });
  return uri.toString().replaceAll('(', '%28').replaceAll(')', '%29');
}
