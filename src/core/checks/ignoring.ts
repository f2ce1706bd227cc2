import { isDeepStrictEqual } from 'node:util';
import { markLength } from '../common/text';
import { applyEdits, lineEnd } from '../compose/composeEdit';
import { ComposeSource } from '../compose/composeSource';
import { EnvFileSource } from '../compose/envFileSource';
import type { FileEdit, FindingPlace } from '../model/finding';
import type { FindingCode } from '../model/findingCodes';
import { IGNORE_COMMENT } from './suppression';

/** A comment that leaves findings out. */
export interface Ignoring {
  readonly edit: FileEdit;
  /** Whether it does so in the whole file: a comment at the place itself would be part of a text. */
  readonly isOfFile: boolean;
}

/**
 * The comment that leaves findings of a code out at a place from then on: above its line, or as one more code of a comment that is there
 * already. Undefined where no comment can be without changing what the file says.
 * @param text of the file, be it a compose file or an env file.
 */
export async function ignoring(code: FindingCode, place: FindingPlace, text: string): Promise<Ignoring | undefined> {
  const { file, line } = place;
  if (line !== undefined) {
    const edit = { file, ...atLine(code, line, text) };
    if (await saysTheSame(file, text, edit)) return { edit, isOfFile: false };
  }
  const edit = { file, ...ofFile(code, text) };
  return (await saysTheSame(file, text, edit)) ? { edit, isOfFile: true } : undefined;
}

type TextEdit = Omit<FileEdit, 'file'>;

function atLine(code: FindingCode, line: number, text: string): TextEdit {
  for (const one of [line, line - 1]) {
    const start = startOfLine(text, one);
    if (start === undefined) continue;
    const comment = IGNORE_COMMENT.exec(lineAt(text, start));
    if (comment && !comment[1]) return inserted(start + comment.index + comment[0].length, `, ${code}`);
  }
  const start = startOfLine(text, line) ?? text.length;
  const indent = /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
  return inserted(start, `${indent}# berth-ignore ${code}${lineEnd(text)}`);
}

function ofFile(code: FindingCode, text: string): TextEdit {
  const comment = /#\s*berth-ignore-file/.test(text) ? fileComment(text) : undefined;
  if (comment !== undefined) return inserted(comment, `, ${code}`);
  return inserted(markLength(text), `# berth-ignore-file ${code}${lineEnd(text)}`);
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
  if (!/\.ya?ml$/i.test(file)) return isDeepStrictEqual(assignments(file, text), assignments(file, after));
  const [old, changed] = [await ComposeSource.read(file, text), await ComposeSource.read(file, after)];
  const said = (sources: readonly ComposeSource[]) =>
    sources.map((one) => [one.document.errors.length, one.value([])] as const);
  return isDeepStrictEqual(said(old), said(changed));
}

function assignments(file: string, text: string): readonly unknown[] {
  return new EnvFileSource(file, text).variables.map(({ name, written }) => [name, written]);
}
