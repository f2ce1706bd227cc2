import { isDeepStrictEqual } from 'node:util';
import { markLength } from '../common/text';
import { applyEdits, lineEnd } from '../compose/composeEdit';
import { ComposeSource } from '../compose/composeSource';
import { EnvFileSource } from '../compose/envFileSource';
import type { FileEdit, Finding, FindingPlace } from '../model/finding';
import type { FindingCode } from '../model/findingCodes';
import type { CheckFacts } from './check';
import { firstOfCommand, IGNORE_COMMENT } from './suppression';

/** A comment that leaves findings out. */
export interface Ignoring {
  readonly edit: FileEdit;
  /** Whether it does so in the whole file: a comment at the place itself would be part of a text. */
  readonly isOfFile: boolean;
}

/** How a comment begins in a file; undefined where there can be none, or whoever reads the text would not know what it is about. */
function commentStart(file: string): string | undefined {
  if (/\.md$/i.test(file)) return undefined;
  if (/\.json$/i.test(file)) return HAS_COMMENTS.test(file) ? '//' : undefined;
  return '#';
}

/** The files in JSON that VS Code reads with comments. */
const HAS_COMMENTS = /[\\/](?:tasks|\.?devcontainer)\.json$/;
/** Where what is further in is given to a shell, with the comments: those of a makefile stand at the beginning of a line. */
const MAKEFILE = /[\\/](?:GNU)?[Mm]akefile$|\.mk$/;

/**
 * The place of a finding where a comment can leave it out; undefined where it has none.
 * @param look that the finding is of.
 */
export function commentPlaceOf(
  { places }: Finding,
  look: { readonly facts: Pick<CheckFacts, 'textOf'> } | undefined,
): FindingPlace | undefined {
  return places.find(({ file }) => commentStart(file) !== undefined && look?.facts.textOf(file) !== undefined);
}

/**
 * The comment that leaves findings of a code out at a place from then on: above its line or the command or key that it is in, or as one more
 * code of a comment that is there already. Undefined where no comment can be without changing what the file says.
 * @param text of the file: a compose file, an env file, or what commands are written in.
 */
export async function ignoring(code: FindingCode, place: FindingPlace, text: string): Promise<Ignoring | undefined> {
  const { file, line } = place;
  const begin = commentStart(file);
  if (begin === undefined) return undefined;
  for (const one of line === undefined ? [] : linesAround(text, line)) {
    const edit = { file, ...atLine(code, one, text, { begin, isIndented: !MAKEFILE.test(file) }) };
    if (await saysTheSame(file, text, edit)) return { edit, isOfFile: false };
  }
  const edit = { file, ...ofFile(code, text, begin) };
  return (await saysTheSame(file, text, edit)) ? { edit, isOfFile: true } : undefined;
}

type TextEdit = Omit<FileEdit, 'file'>;

/** The line in which the command of a line begins, and those above which it is in, from the inside out. @param line from 1, as they are. */
function linesAround(text: string, line: number): readonly number[] {
  const lines = text.split('\n');
  const first = firstOfCommand(lines, line - 1);
  const around = [first];
  const indentOf = (index: number) => /^[ \t]*/.exec(lines[index] ?? '')?.[0].length ?? 0;
  let indent = indentOf(first);
  for (let at = first - 1; at >= 0 && indent > 0; at -= 1) {
    if (!/\S/.test(lines[at] ?? '') || indentOf(at) >= indent) continue;
    around.push(at);
    indent = indentOf(at);
  }
  return around.map((index) => index + 1);
}

function atLine(
  code: FindingCode,
  line: number,
  text: string,
  { begin, isIndented }: { readonly begin: string; readonly isIndented: boolean },
): TextEdit {
  for (const one of [line, line - 1]) {
    const start = startOfLine(text, one);
    if (start === undefined) continue;
    const comment = IGNORE_COMMENT.exec(lineAt(text, start));
    if (comment && !comment[1]) return inserted(start + comment.index + comment[0].length, `, ${code}`);
  }
  const start = startOfLine(text, line) ?? text.length;
  const indent = isIndented ? (/^[ \t]*/.exec(text.slice(start))?.[0] ?? '') : '';
  return inserted(start, `${indent}${begin} berth-ignore ${code}${lineEnd(text)}`);
}

function ofFile(code: FindingCode, text: string, begin: string): TextEdit {
  const comment = fileComment(text);
  if (comment !== undefined) return inserted(comment, `, ${code}`);
  // What is to run a script is told by its first line.
  const at = /^#!.*(?:\n|$)/.exec(text)?.[0].length ?? markLength(text);
  return inserted(at, `${begin} berth-ignore-file ${code}${lineEnd(text)}`);
}

/** Where the codes of the first comment for the whole file end. */
function fileComment(text: string): number | undefined {
  let start = 0;
  for (const content of text.split('\n')) {
    const comment = IGNORE_COMMENT.exec(content);
    if (comment?.[1]) return start + comment.index + comment[0].length;
    start += content.length + 1;
  }
  return undefined;
}

function inserted(at: number, text: string): TextEdit {
  return { start: at, end: at, text };
}

/** @param line from 1. @returns undefined where there is no such line. */
function startOfLine(text: string, line: number): number | undefined {
  if (line < 1) return undefined;
  let start = markLength(text);
  for (let one = 1; one < line; one++) {
    const newline = text.indexOf('\n', start);
    if (newline < 0) return undefined;
    start = newline + 1;
  }
  return start;
}

function lineAt(text: string, start: number): string {
  const newline = text.indexOf('\n', start);
  return text.slice(start, newline < 0 ? undefined : newline);
}

/** Whether a file says the same after an edit: in a text of several lines, a comment is part of the text. */
async function saysTheSame(file: string, text: string, edit: FileEdit): Promise<boolean> {
  const after = applyEdits(text, [edit]);
  const [old, changed] = [await saidBy(file, text), await saidBy(file, after)];
  return isDeepStrictEqual(old, changed);
}

async function saidBy(file: string, text: string): Promise<unknown> {
  if (/\.json$/i.test(file)) return (await import('jsonc-parser')).parse(text);
  if (!/\.ya?ml$/i.test(file)) return assignments(file, text);
  const sources = await ComposeSource.read(file, text);
  return sources.map((one) => [one.document.errors.length, one.value([])]);
}

function assignments(file: string, text: string): readonly unknown[] {
  return new EnvFileSource(file, text).variables.map(({ name, written }) => [name, written]);
}
