import type { EnvironmentStore } from '../../core/environmentStore';
import type { Finding, Severity } from '../../core/model/finding';
import { docsPageOf } from '../../core/model/findingCodes';
import { placeText } from './errors';
import type { Format, Style } from './style';

/** How a severity looks: never by colour alone. */
const LOOKS: Readonly<Record<Severity, readonly [sign: string, format: Format]>> = {
  error: ['✖', 'red'],
  warning: ['▲', 'yellow'],
  info: ['·', 'dim'],
};

/** Findings as lines, with their other places and what to do below each. */
export function renderFindings(
  findings: readonly Finding[],
  {
    from,
    style,
    adviceOf = () => [],
  }: {
    readonly from: string;
    readonly style: Style;
    /** What can be done about a finding besides what it says itself, one line each. */
    readonly adviceOf?: (finding: Finding) => readonly string[];
  },
): readonly string[] {
  return findings.flatMap((finding) => {
    const { code, severity, message, remedy, places } = finding;
    const [place, ...others] = places;
    const [sign, format] = LOOKS[severity];
    const where = place ? `${placeText(place, from)}: ` : '';
    return [
      `${style(format, `${sign} ${severity}`)}  ${where}${message}  ${style('dim', code)}`,
      ...others.map((other) => `    ${placeText(other, from)}${other.note === undefined ? '' : `: ${other.note}`}`),
      `    ${remedy}`,
      ...adviceOf(finding).map((line) => style('dim', `    ${line}`)),
    ];
  });
}

/** `2 errors, 1 warning`; what there is none of is left out. */
export function countsOf(findings: readonly Finding[]): string {
  const words = { error: ['error', 'errors'], warning: ['warning', 'warnings'], info: ['remark', 'remarks'] } as const;
  const counts = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${words[severity][count === 1 ? 0 : 1]}`];
  });
  return counts.join(', ');
}

/** A finding in the form that `docs/command-line.md` describes. */
export function findingJson(finding: Finding, store: Pick<EnvironmentStore, 'find'>): Record<string, unknown> {
  const { environments, fixes, checkedSeverity: _, ...rest } = finding;
  return {
    ...rest,
    page: docsPageOf(finding.code),
    environments: namesOf(environments, store),
    fixes: fixes.map((fix) => ({
      kind: fix.kind,
      title: fix.title,
      ...(fix.kind === 'edit' ? { isSafe: fix.isSafe } : {}),
    })),
  };
}

/** The names of environments, by their ids. */
export function namesOf(ids: readonly string[], store: Pick<EnvironmentStore, 'find'>): readonly string[] {
  return ids.map((id) => store.find(id)?.definition.name ?? id);
}
