import type { CheckedEnvironment } from '../checks/check';
import { isUnknownKey } from '../checks/unknownKey';
import type { Place } from '../common/errors';
import { applyEdits } from '../compose/composeEdit';
import type { FileEdit, Finding } from '../model/finding';
import type { Checked } from './findings';

/**
 * Whether fixes bring an environment that Compose does not accept further: what it complained of is mended, and what it complains of now
 * stands elsewhere. Compose tells of one mistake at a time, and of several not always the same one first.
 * @param before the look without the fixes. @param now the environment with them.
 */
export function isFurther(
  { mended, edits }: { readonly mended: readonly Finding[]; readonly edits: readonly FileEdit[] },
  { facts }: Checked,
  now: CheckedEnvironment,
): boolean {
  const before = facts.environments.find(({ definition }) => definition.id === now.definition.id);
  const [first, next] = [before?.error?.details.place, now.error?.details.place];
  if (first?.line === undefined || next?.line === undefined) return false;
  // Of several keys that it does not know in a file, it names any.
  const isAnyLine = before?.error !== undefined && isUnknownKey(before.error);
  const isMended = mended.some(({ code, places }) =>
    places.some(
      ({ file, line }) => file === first.file && (line === first.line || (isAnyLine && code === 'unknown-key')),
    ),
  );
  const isYaml = [...now.sources, ...now.takenIn].every(({ document }) => document.errors.length === 0);
  return isMended && isYaml && !isChanged(next, edits, facts.textOf(next.file) ?? '');
}

/** Whether a place of a text with edits in it is in one of these, or in what belongs to its lines: what is indented below. */
function isChanged({ file, line = 1 }: Place, edits: readonly FileEdit[], before: string): boolean {
  const own = edits.filter((edit) => edit.file === file).sort((a, b) => a.start - b.start);
  const lines = applyEdits(before, own).split('\n');
  let moved = 0;
  return own.some(({ start, end, text }) => {
    const from = lineAt(before, start) + moved;
    moved += text.split('\n').length - before.slice(start, end).split('\n').length;
    let to = from + text.split('\n').length - 1;
    const indent = indentOf(lines[from - 1] ?? '');
    while (to < lines.length && (lines[to]?.trim() === '' || indentOf(lines[to] ?? '') > indent)) to++;
    return line >= from && line <= to;
  });
}

/** From 1. */
function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
