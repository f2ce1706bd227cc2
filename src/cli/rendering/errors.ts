import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Place, UserError } from '../../core/common/errors';
import type { Style } from './style';

/** A place as editors and terminals understand it: `compose.yaml:3:5`, as seen from the folder `from`. */
export function placeText(place: Place, from: string): string {
  const relative = path.relative(from, place.file);
  const file = relative === '' || relative.startsWith(`..${path.sep}..`) ? place.file : relative;
  return [file, place.line, place.line && place.column].filter(Boolean).join(':');
}

/**
 * An error as its reader needs it: what happened, where, more of it, and what to do.
 * @param next commands to try, said last.
 */
export function renderError(
  error: UserError,
  { from, style, next = [] }: { from: string; style: Style; next?: readonly string[] },
): string {
  const { place, output, remedy } = error.details;
  const parts = [
    style('red', `✖ ${error.message}`) + (place ? `\n${indented(placeText(place, from))}` : ''),
    output && indented(cleanOutput(output)),
    remedy && indented(remedy),
    next.length > 0 && indented(['Try:', ...next.map((command) => `  ${command}`)].join('\n')),
  ];
  // A short error is told without empty lines.
  return `${parts.filter(Boolean).join(output || next.length > 0 ? '\n\n' : '\n')}\n`;
}

/** Output of other programs without what could move the cursor or change the colours here. */
export function cleanOutput(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be removed.
  return stripVTControlCharacters(text).replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '');
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
