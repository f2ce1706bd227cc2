import type { ComposeSource, Range, WrittenScalar } from './composeSource';

/** A variable that Compose puts in for, where it is written: `$NAME`, `${NAME}`, `${NAME:-default}`. */
export interface VariableUse {
  readonly name: string;
  /** From the dollar sign to the end. */
  readonly range: Range;
  /** What stands behind the name: nothing, or `:-`, `-`, `:?`, `?`, `:+`, `+`. */
  readonly operator: string;
  /** What stands behind that, up to the brace. */
  readonly operand: string;
}

/** The same with the value that it is a part of. */
export interface WrittenUse extends VariableUse {
  readonly scalar: WrittenScalar;
}

/** `$$` stands for a dollar sign. Source: the Compose specification, "Interpolation". */
const USE = /\$(?:\$|(\w+)|\{([A-Za-z_]\w*)(?:(:?[-?+])((?:[^{}]|\{[^{}]*\})*))?\})/g;

const known = new WeakMap<ComposeSource, readonly WrittenUse[]>();

/** The variables that are used in the values of a compose file. Compose puts nothing in for those in keys and comments. */
export function variableUses(source: ComposeSource): readonly WrittenUse[] {
  const found =
    known.get(source) ??
    source
      .scalars()
      .flatMap((scalar) => usesIn(source.text, source.range(scalar.node)).map((use) => ({ ...use, scalar })));
  known.set(source, found);
  return found;
}

const knownByName = new WeakMap<ComposeSource, ReadonlyMap<string, readonly WrittenUse[]>>();

/** The same by the names of the variables. */
export function usesByName(source: ComposeSource): ReadonlyMap<string, readonly WrittenUse[]> {
  const known = knownByName.get(source);
  if (known) return known;
  const found = new Map<string, WrittenUse[]>();
  for (const use of variableUses(source)) found.set(use.name, [...(found.get(use.name) ?? []), use]);
  knownByName.set(source, found);
  return found;
}

/** The variables that are used in a piece of a text. */
export function usesIn(text: string, { start, end }: Range): readonly VariableUse[] {
  const piece = text.slice(start, end);
  if (!piece.includes('$')) return [];
  return [...piece.matchAll(USE)].flatMap(
    ({ 0: whole, 1: bare, 2: braced, 3: operator = '', 4: operand = '', index }) => {
      const name = bare ?? braced;
      if (name === undefined || /^\d/.test(name)) return [];
      const range = { start: start + index, end: start + index + whole.length };
      const within = usesIn(text, { start: range.end - 1 - operand.length, end: range.end - 1 });
      return [{ name, range, operator, operand }, ...within];
    },
  );
}
