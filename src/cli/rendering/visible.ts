// biome-ignore lint/suspicious/noControlCharactersInRegex: that is how escape sequences begin.
const STYLE_SEQUENCE = /(\x1b\[[\d;]*m)/;

/** The first `columns` visible characters of a text; escape sequences for looks take no room and all stay. */
export function visibleSlice(text: string, columns: number): string {
  let left = columns;
  return text
    .split(STYLE_SEQUENCE)
    .map((part) => {
      if (STYLE_SEQUENCE.test(part)) return part;
      const characters = [...part].slice(0, left);
      left -= characters.length;
      return characters.join('');
    })
    .join('');
}
