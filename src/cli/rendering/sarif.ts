import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Location, Log, ReportingDescriptor, Result } from 'sarif';
import type { EnvironmentStore } from '../../core/environmentStore';
import { isWithin } from '../../core/model/dataFolder';
import type { Finding, FindingPlace } from '../../core/model/finding';
import { FINDING_CODES, type FindingCode } from '../../core/model/findingCodes';
import { firstParagraphOf, pageOf } from '../pages';
import { namesOf } from './findings';

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const;

/**
 * Findings as a SARIF log, as GitHub's code scanning takes it: each has a place, and each rule a description and help. Sources: OASIS,
 * SARIF 2.1.0; docs.github.com "SARIF support for code scanning".
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
        tool: { driver: { name: 'Berth', semanticVersion: version, rules: codes.map(ruleOf) } },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => resultOf(finding, codes.indexOf(finding.code), root, store)),
      },
    ],
  };
}

/**
 * The page of a code is the help itself, and no `helpUri`: that has to be an absolute address, and Berth's documentation has none. The text of
 * it is read where Markdown is not.
 */
function ruleOf(code: FindingCode): ReportingDescriptor {
  const title = FINDING_CODES[code].title();
  return {
    id: code,
    shortDescription: { text: title },
    fullDescription: { text: firstParagraphOf(code) },
    help: { text: pageOf(code), markdown: pageOf(code) },
    defaultConfiguration: { level: LEVELS[FINDING_CODES[code].severity] },
  };
}

function resultOf(finding: Finding, ruleIndex: number, root: string, store: Pick<EnvironmentStore, 'find'>): Result {
  const { code, severity, message, remedy, environments, places } = finding;
  const [first] = environments.flatMap((id) => store.find(id)?.definition.files[0] ?? []);
  const [place = { file: first ?? root }, ...others] = places;
  return {
    ruleId: code,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: `${message} ${remedy}` },
    locations: [locationOf(place, root)],
    ...(others.length > 0 ? { relatedLocations: others.map((other, id) => ({ id, ...locationOf(other, root) })) } : {}),
    properties: { environments: namesOf(environments, store) },
  };
}

function locationOf({ file, line, column, endLine, endColumn, note }: FindingPlace, root: string): Location {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file, root) },
      region: { startLine: line ?? 1, startColumn: column, endLine, endColumn },
    },
    ...(note === undefined ? {} : { message: { text: note } }),
  };
}

/** A path from the root on; the whole address of what is elsewhere. */
function uriOf(file: string, root: string): string {
  if (!isWithin(root, file)) return pathToFileURL(file).href;
  return path.relative(root, file).split(path.sep).map(encodeURIComponent).join('/') || '.';
}
