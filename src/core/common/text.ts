/** How long the byte order mark at the beginning of a file's text is, which editors do not show: 1, or 0 where there is none. */
export function markLength(text: string): number {
  return text.startsWith('\uFEFF') ? 1 : 0;
}

/** Where the name of a file stands whole: not as a part of a longer one. */
export function wholeName(name: string): RegExp {
  // What ends a sentence goes on with nothing.
  return new RegExp(`(?<![\\w.-])${escapeRegExp(name)}(?![\\w-]|\\.\\w)`);
}

/** `text` as a part of a regular expression that matches just it. */
export function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
