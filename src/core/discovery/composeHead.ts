import path from 'node:path';
import { invocationOf } from './observed/invocation';

/** A command of Compose in a line of words, up to what ends it in a sentence, or to the next one. */
const COMMAND = /docker[ -]compose (?:(?!docker[ -]compose )[^`"'(),;])*/g;
/** What makes containers of the files, and so needs all of them. */
const MAKING = /^(?:up|run|create|watch|start)(?![\w-])/;
/** More characters than anybody writes into a command. */
const LONGEST = 2_000;

/**
 * The files that the comments at the head of a compose file, those above its services, say it is run with, in their order and with itself:
 * those of the command that has most of them. Undefined where none makes containers with it, or that one names a file twice.
 * Absolute paths, by the way from it that the command has.
 * @param file its absolute path.
 */
export function filesToldBy(file: string, text: string): readonly string[] | undefined {
  const end = /^services[ \t]*:/m.exec(text)?.index ?? text.length;
  const lines = text.slice(0, end).split(/\r?\n/);
  const comments = lines.map((line) => /^[ \t]*#+(.*)$/.exec(line.slice(0, LONGEST))?.[1] ?? '');
  let longest: readonly string[] = [];
  for (let at = 0; at < comments.length; at++) {
    let comment = comments[at] ?? '';
    while (comment.length < LONGEST && /\\[ \t]*$/.test(comment))
      comment = `${comment.trimEnd().slice(0, -1)} ${comments[++at]?.trim() ?? ''}`;
    for (const [command] of comment.matchAll(COMMAND)) {
      const told = filesOf(command, file);
      if (told.length > longest.length) longest = told;
    }
  }
  return longest.length > 0 && new Set(longest).size === longest.length ? longest : undefined;
}

/** The files of a command that makes containers with a file among others; none where it does not. */
function filesOf(command: string, file: string): readonly string[] {
  const folder = path.dirname(file);
  const words = command.trim().split(/[ \t]+/);
  const { files = [], verb = '' } = invocationOf({ words, variables: {}, folder }) ?? {};
  const own = files.find((one) => path.basename(one) === path.basename(file));
  if (own === undefined || !MAKING.test(verb)) return [];
  return files.map((one) => path.resolve(folder, path.relative(path.dirname(own), one)));
}
