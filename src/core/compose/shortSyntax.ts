/** A part of a text between colons. */
export interface ShortPart {
  readonly text: string;
  /** Offset in the text. */
  readonly start: number;
}

/** The parts of a port or a mount in one text, such as `0.0.0.0:${PORT:-8080}:80`: colons in braces and brackets part nothing. */
export function shortParts(text: string): readonly ShortPart[] {
  const plain = text.replace(/\$\{[^{}]*\}|\[[^\]]*\]/g, (braced) => '_'.repeat(braced.length));
  let start = 0;
  return plain.split(':').map(({ length }) => {
    const part = { text: text.slice(start, start + length), start };
    start += length + 1;
    return part;
  });
}
