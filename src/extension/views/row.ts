import type { Place } from '../../core/common/errors';

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
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}
