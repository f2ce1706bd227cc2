import path from 'node:path';
import type { ParameterExpansionPart, Script, Word, WordPart } from 'unbash';
import type { ShellState } from './shellStates';

/** Stands in a text for a part of it that only running something would tell. A character of Unicode's private use area. */
export const UNKNOWN = '\u{E000}';

/** Stands for what somebody may give: an argument, or a variable that nobody sets. Another character of that area. */
export const OPEN = '\u{E002}';

/** Whether all of a text is known. */
export function isKnown(text: string): boolean {
  return !text.includes(UNKNOWN) && !text.includes(OPEN);
}

/** A text that is not known, made of another one: what is made of what somebody may give, they give. */
export function unknownOf(text: string): string {
  return text.includes(OPEN) && !text.includes(UNKNOWN) ? OPEN : UNKNOWN;
}

/** What a part of a word becomes. */
interface Piece {
  readonly fields: readonly string[];
  /** Whether blanks in it separate arguments. */
  readonly splits?: boolean;
  /** Whether its fields stay apart even inside of quotes. */
  readonly isList?: boolean;
}

/** What the words of a shell script are, as far as they can be known. */
export class ShellWords {
  /**
   * @param script absolute path of the file that the script is in, if it is in one.
   * @param substitution gives what `$(…)` is.
   */
  constructor(
    private readonly script: string | undefined,
    private readonly substitution: (script: Script, state: ShellState) => string,
  ) {}

  /** A word as one text: what a variable gets. */
  text(word: Word, state: ShellState): string {
    return this.pieces(word, state)
      .map(({ fields }) => fields.join(' '))
      .join('');
  }

  /** The arguments that a word becomes: none, one or several. */
  fields(word: Word, state: ShellState): string[] {
    const fields: string[] = [];
    let current: string | undefined;
    for (const piece of this.pieces(word, state)) {
      const parts = piece.splits ? piece.fields.flatMap((field) => field.split(/\s+/).filter(Boolean)) : piece.fields;
      for (const [index, part] of parts.entries()) {
        if (index > 0) {
          if (current !== undefined) fields.push(current);
          current = undefined;
        }
        current = (current ?? '') + part;
      }
    }
    if (current !== undefined) fields.push(current);
    return fields;
  }

  private pieces(word: Word, state: ShellState): Piece[] {
    return (word.parts ?? [{ type: 'Literal', value: word.value } as const]).map((part) => this.piece(part, state));
  }

  private piece(part: WordPart | { readonly type: 'Literal'; readonly value: string }, state: ShellState): Piece {
    switch (part.type) {
      case 'Literal':
      case 'SingleQuoted':
      case 'AnsiCQuoted':
        return { fields: [part.value] };
      case 'DoubleQuoted':
      case 'LocaleString': {
        const pieces = part.parts.map((one) => this.piece(one, state));
        const [only] = pieces;
        if (pieces.length === 1 && only?.isList) return { fields: only.fields };
        return { fields: [pieces.map(({ fields }) => fields.join(' ')).join('')] };
      }
      case 'SimpleExpansion':
        return this.variable(part.text.slice(1), state);
      case 'ParameterExpansion':
        return this.expansion(part, state);
      case 'CommandExpansion':
        return { fields: [part.script ? this.substitution(part.script, state) : UNKNOWN], splits: true };
      case 'Glob':
      case 'BraceExpansion':
        return { fields: [part.text] };
      default:
        return { fields: [UNKNOWN] };
    }
  }

  private variable(name: string, { variables, parameters, folder }: ShellState, index = 0): Piece {
    if (name === '@' || name === '*') return { fields: parameters ?? [OPEN], isList: true, splits: false };
    if (name === '0' || name === 'BASH_SOURCE') return { fields: [this.script ?? UNKNOWN] };
    if (/^\d+$/.test(name)) return { fields: [parameters ? (parameters[Number(name) - 1] ?? '') : OPEN], splits: true };
    const value = variables.get(name);
    if (typeof value === 'object') return { fields: value.slice(index, index + 1), splits: true };
    return { fields: [value ?? (name === 'PWD' ? folder : OPEN)], splits: true };
  }

  private expansion({ parameter, prefix, index, operation }: ParameterExpansionPart, state: ShellState): Piece {
    if (prefix) return { fields: [UNKNOWN] };
    const value = state.variables.get(parameter);
    const isAll = index?.value === '@' || index?.value === '*';
    const isOne = index === undefined || /^\d+$/.test(index.text);
    if (typeof value === 'object' && !isAll && !isOne) return { fields: [UNKNOWN] };
    const plain: Piece =
      typeof value === 'object' && isAll
        ? { fields: value, isList: true }
        : this.variable(parameter, state, isOne ? Number(index?.text ?? 0) : 0);
    const text = plain.fields.join(' ');
    switch (operation?.type) {
      case undefined:
        return plain;
      case 'Default': {
        if (operation.operator.endsWith('+')) {
          return text === '' || !isKnown(text)
            ? { fields: [] }
            : { fields: [this.text(operation.operand, state)], splits: true };
        }
        if (operation.operator.endsWith('?')) return plain;
        const isSet =
          value !== undefined || (/^[\d@*]+$/.test(parameter) && state.parameters !== undefined && text !== '');
        return isSet && text !== '' ? plain : { fields: [this.text(operation.operand, state)], splits: true };
      }
      case 'Remove':
        // `${0%/*}`: the folder.
        return {
          fields: [operation.operator === '%' && operation.operand.text === '/*' ? folderOf(text) : unknownOf(text)],
        };
      default:
        return { fields: [unknownOf(text)] };
    }
  }
}

/** The folder of a file, if that is known. */
export function folderOf(file: string): string {
  return isKnown(file) ? path.dirname(file) : unknownOf(file);
}

/** What `basename` with some words prints: a name without the end that is its second operand. */
export function baseName([file = '', end = '']: readonly string[]): string {
  if (file.startsWith('-')) return UNKNOWN;
  return isKnown(file + end) ? path.basename(file, end) : unknownOf(file + end);
}
