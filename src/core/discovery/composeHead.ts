import path from 'node:path';

/** A command of Compose in a line of words, up to what ends it in a sentence, or to the next one. */
const COMMAND = /docker[ -]compose (?:(?!docker[ -]compose )[^`"'()])*/;
const FILES = /[ \t](?:-f|--file)(?:[ \t]+|=)([^\s$<>]+)/g;
/** More characters than anybody writes into a command. */
const LONGEST = 2_000;

/**
 * The files that the comments at the head of a compose file, those above its services, say it is run with, in their order and with itself;
 * undefined where they don't. Absolute paths, by the way from it that the command has.
 * @param file its absolute path.
 */
export function filesToldBy(file: string, text: string): readonly string[] | undefined {
  const end = /^services[ \t]*:/m.exec(text)?.index ?? text.length;
  const lines = text.slice(0, end).split(/\r?\n/);
  const comments = lines.map((line) => /^[ \t]*#+(.*)$/.exec(line.slice(0, LONGEST))?.[1] ?? '');
  for (let at = 0; at < comments.length; at++) {
    let comment = comments[at] ?? '';
    while (comment.length < LONGEST && /\\[ \t]*$/.test(comment))
      comment = `${comment.trimEnd().slice(0, -1)} ${comments[++at]?.trim() ?? ''}`;
    const [command = ''] = COMMAND.exec(comment) ?? [];
    const named = [...command.matchAll(FILES)].map(([, one = '']) => one);
    const own = named.find((one) => path.posix.basename(one) === path.basename(file));
    if (own === undefined) continue;
    const from = path.posix.dirname(own);
    return named.map((one) => path.resolve(path.dirname(file), path.posix.relative(from, one)));
  }
  return undefined;
}
