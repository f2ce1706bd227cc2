import type { Place } from '../../core/common/errors';
import type { MissingFile } from '../../core/common/exampleFile';
import type { TextPart } from '../../core/model/provenance';

/** How an item of the view looks and what it says: plain data, made by pure functions, compared to see what changed. */
export interface Row {
  readonly label: string;
  readonly description?: string;
  readonly icon: Icon;
  readonly tooltip: Tooltip;
  /** Words that menus in package.json look for: the item's kind, its actions, and `inline-<action>` for its buttons. */
  readonly contextValue: string;
  /** What a screen reader says: name, kind and health, in words. */
  readonly accessibleLabel: string;
  /** Undefined for an item that has no children. */
  readonly expanded?: boolean;
  /** The file that is missing, where there is an example to copy it from. */
  readonly missing?: MissingFile;
  /** What a click does, besides selecting. */
  readonly click?: { readonly kind: 'open'; readonly place: Place } | { readonly kind: 'manageTrust' };
}

export interface Icon {
  /** The name of a codicon. */
  readonly id: string;
  /** The id of a theme colour. */
  readonly colour?: string;
}

export interface Tooltip {
  readonly title: string;
  /** Text below the title. */
  readonly text?: string;
  readonly facts: readonly Fact[];
}

/** Something there is to know. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  /** The value in pieces, where some of them lead to a place in a file. */
  readonly parts?: readonly TextPart[];
}
