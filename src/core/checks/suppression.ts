import type { Finding, FindingPlace } from '../model/finding';
import { type FindingCode, isFindingCode } from '../model/findingCodes';

/** `# berth-ignore same-port, no-limits: both are meant`, and `# berth-ignore-file …` for the whole file. */
export const IGNORE_COMMENT = /#\s*berth-ignore(-file)?[ \t]+([a-z-]+(?:[ \t]*,[ \t]*[a-z-]+)*)/;

/** What the comments of a text leave out. */
interface Suppressions {
  readonly file: ReadonlySet<FindingCode>;
  /** By line, from 1: on that line. */
  readonly lines: ReadonlyMap<number, ReadonlySet<FindingCode>>;
}

/**
 * Whether a comment leaves a finding out: one on the line of one of its places, on the line before that, or for the whole file.
 * @param textOf gives the text of a file; undefined where it is not known.
 */
export function isSuppressed(
  finding: Finding,
  textOf: (file: string) => string | undefined,
  known: SuppressionCache,
): boolean {
  return finding.places.some((place) => isSuppressedAt(finding.code, place, textOf, known));
}

/** What was read of texts already. */
export type SuppressionCache = Map<string, Suppressions>;

function isSuppressedAt(
  code: FindingCode,
  { file, line }: FindingPlace,
  textOf: (file: string) => string | undefined,
  known: SuppressionCache,
): boolean {
  const text = textOf(file);
  if (text === undefined) return false;
  const found = known.get(file) ?? suppressionsIn(text);
  known.set(file, found);
  const lines = line === undefined ? [] : [line, line - 1];
  return found.file.has(code) || lines.some((one) => found.lines.get(one)?.has(code));
}

function suppressionsIn(text: string): Suppressions {
  const file = new Set<FindingCode>();
  const lines = new Map<number, ReadonlySet<FindingCode>>();
  if (!text.includes('berth-ignore')) return { file, lines };
  for (const [index, content] of text.split('\n').entries()) {
    const [, ofFile, names = ''] = IGNORE_COMMENT.exec(content) ?? [];
    const codes = names.split(/[ \t]*,[ \t]*/).filter(isFindingCode);
    if (ofFile === undefined) lines.set(index + 1, new Set(codes));
    else for (const code of codes) file.add(code);
  }
  return { file, lines };
}
