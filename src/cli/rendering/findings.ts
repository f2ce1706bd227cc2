import path from 'node:path';
import type { Location, Log, Result } from 'sarif';
import type { EnvironmentStore } from '../../core/environmentStore';
import type { Finding, FindingPlace, Fix, Severity } from '../../core/model/finding';
import { FINDING_CODES } from '../../core/model/findingCodes';
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
    commandOf = () => undefined,
  }: {
    readonly from: string;
    readonly style: Style;
    /** The command that does a fix which changes no file by itself. */
    readonly commandOf?: (fix: Fix) => string | undefined;
  },
): readonly string[] {
  return findings.flatMap(({ code, severity, message, remedy, places: [place, ...others], fixes }) => {
    const [sign, format] = LOOKS[severity];
    const where = place ? `${placeText(place, from)}: ` : '';
    return [
      `${style(format, `${sign} ${severity}`)}  ${where}${message}  ${style('dim', code)}`,
      ...others.map((other) => `    ${placeText(other, from)}${other.note === undefined ? '' : `: ${other.note}`}`),
      `    ${remedy}`,
      ...(fixes.some((fix) => fix.kind === 'edit' && fix.isSafe) ? [style('dim', '    --fix does it.')] : []),
      ...fixes
        .flatMap((fix) => commandOf(fix) ?? [])
        .filter((command) => !remedy.includes(command))
        .map((command) => style('dim', `    Try: ${command}`)),
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
  const { environments, fixes, ...rest } = finding;
  return {
    ...rest,
    environments: namesOf(environments, store),
    fixes: fixes.map((fix) => ({
      kind: fix.kind,
      title: fix.title,
      ...(fix.kind === 'edit' ? { isSafe: fix.isSafe } : {}),
    })),
  };
}

function namesOf(ids: readonly string[], store: Pick<EnvironmentStore, 'find'>): readonly string[] {
  return ids.map((id) => store.find(id)?.definition.name ?? id);
}

const SARIF_LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const;

/**
 * Findings as a SARIF log, as GitHub's code scanning takes it: each has a place. Source: OASIS, SARIF 2.1.0.
 * @param root absolute path of the folder that paths start at: the top of the repository.
 * @param version that of Berth.
 */
export function sarifLog(
  findings: readonly Finding[],
  {
    root,
    version,
    store,
  }: { readonly root: string; readonly version: string; readonly store: Pick<EnvironmentStore, 'find'> },
): Log {
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Berth',
            semanticVersion: version,
            rules: codes.map((code) => ({
              id: code,
              shortDescription: { text: FINDING_CODES[code].title() },
              defaultConfiguration: { level: SARIF_LEVELS[FINDING_CODES[code].severity] },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => resultOf(finding, codes.indexOf(finding.code), root, store)),
      },
    ],
  };
}

function resultOf(finding: Finding, ruleIndex: number, root: string, store: Pick<EnvironmentStore, 'find'>): Result {
  const { code, severity, message, remedy, environments, places } = finding;
  const [first] = environments.flatMap((id) => store.find(id)?.definition.files[0] ?? []);
  const [place = { file: first ?? root }, ...others] = places;
  return {
    ruleId: code,
    ruleIndex,
    level: SARIF_LEVELS[severity],
    message: { text: `${message} ${remedy}` },
    locations: [locationOf(place, root)],
    ...(others.length > 0 ? { relatedLocations: others.map((other, id) => ({ id, ...locationOf(other, root) })) } : {}),
    properties: { environments: namesOf(environments, store) },
  };
}

function locationOf({ file, line, column, endLine, endColumn, note }: FindingPlace, root: string): Location {
  const uri = path.relative(root, file).split(path.sep).map(encodeURIComponent).join('/');
  return {
    physicalLocation: {
      artifactLocation: { uri: uri || '.' },
      region: { startLine: line ?? 1, startColumn: column, endLine, endColumn },
    },
    ...(note === undefined ? {} : { message: { text: note } }),
  };
}
