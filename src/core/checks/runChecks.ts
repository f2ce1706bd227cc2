import { bySeverity, type Finding, type Level } from '../model/finding';
import type { FindingCode } from '../model/findingCodes';
import type { Check, CheckFacts, IsLeftOut } from './check';
import { isSuppressed, type SuppressionCache } from './suppression';

/**
 * What somebody has decided of findings, in `berth.yaml`.
 * @param about the id of an environment that a finding is about; the file that it is in, where it is about none.
 */
export type LevelOf = (
  code: FindingCode,
  about: { readonly environment: string } | { readonly file: string | undefined },
) => Level | undefined;

/**
 * What checks find: each thing once, with all environments that it is about, without what comments or `berth.yaml` leave out; the worst
 * first, then by place.
 * @param textOf gives the text of a file that was checked.
 */
export function runChecks(
  checks: readonly Check[],
  facts: CheckFacts,
  { textOf, levelOf }: { readonly textOf: (file: string) => string | undefined; readonly levelOf: LevelOf },
): readonly Finding[] {
  const known: SuppressionCache = new Map();
  const isLeftOut: IsLeftOut = (code, { definition }, places) =>
    levelOf(code, { environment: definition.id }) === 'off' || isSuppressed({ code, places }, textOf, known);
  const found = checks.flatMap((check) => [...check.find(facts, isLeftOut)]);
  return once(found.flatMap((finding) => withLevel(finding, levelOf)))
    .filter((finding) => !isSuppressed(finding, textOf, known))
    .sort(inOrder);
}

/** The same finding of several environments as one of them all, as bad as it is for the one that it is worst for. */
function once(findings: readonly Finding[]): readonly Finding[] {
  const found = new Map<string, Finding>();
  for (const finding of findings) {
    const { code, message, service = '', places } = finding;
    const where = places.map(({ file, line = 0, column = 0 }) => `${file}:${line}:${column}`);
    const key = [code, message, service, ...where].join('\0');
    const known = found.get(key);
    if (!known) {
      found.set(key, finding);
      continue;
    }
    const environments = [...new Set([...known.environments, ...finding.environments])];
    const worst = bySeverity(finding, known) < 0 ? finding : known;
    found.set(key, { ...worst, environments });
  }
  return [...found.values()];
}

/** Of several environments, the finding stays with those that it is not off for, as bad as it is for the one that it is worst for. */
function withLevel(finding: Finding, levelOf: LevelOf): readonly Finding[] {
  const { code, environments } = finding;
  if (environments.length === 0) return leveled(finding, levelOf(code, { file: finding.places[0]?.file }));
  const on = environments.filter((one) => levelOf(code, { environment: one }) !== 'off');
  // What is between two environments is none of either alone.
  const isBetween = finding.places.some(({ note }) => note !== undefined);
  if (on.length === 0 || (isBetween && on.length < environments.length)) return [];
  const [worst] = on.flatMap((environment) => leveled(finding, levelOf(code, { environment }))).sort(bySeverity);
  return worst ? [{ ...worst, environments: on }] : [];
}

function leveled(finding: Finding, level: Level | undefined): readonly Finding[] {
  if (level === 'off') return [];
  return [level === undefined ? finding : { ...finding, severity: level, checkedSeverity: finding.severity }];
}

function inOrder(a: Finding, b: Finding): number {
  const [first, second] = [a.places[0], b.places[0]];
  const order = (x: string | number = '', y: string | number = '') => (x < y ? -1 : x > y ? 1 : 0);
  return (
    bySeverity(a, b) ||
    order(first?.file, second?.file) ||
    order(first?.line ?? 0, second?.line ?? 0) ||
    order(first?.column ?? 0, second?.column ?? 0) ||
    order(a.code, b.code) ||
    order(a.message, b.message)
  );
}
