import {
  type AcceptanceReport,
  CRITERIA,
  criterionTitle,
  isAccepted,
  type Step,
  type StoreConnection,
  stepCounts,
} from '../../core/acceptance/acceptance';
import type { ConnectionString } from '../../core/model/connectionString';
import { cleanOutput } from './errors';
import { errorJson, secondsJson } from './json';
import { secondsText } from './progress';
import type { Style } from './style';
import { type Cell, renderTable } from './table';

const SYMBOLS = { passed: '✔', failed: '✖', skipped: '–' } as const;
const FORMATS = { passed: 'green', failed: 'red', skipped: 'dim' } as const;

/** Which of a connection string's two forms is shown: passwords are `***` unless they are wanted. */
export type ShownSecrets = keyof ConnectionString;

/** What came of each criterion, as a list under its title. */
export function acceptanceLines(report: AcceptanceReport, secrets: ShownSecrets, style: Style): readonly string[] {
  return CRITERIA.flatMap((criterion) => {
    const own = report.steps.filter((step) => step.criterion === criterion);
    if (own.length === 0) return [];
    const strings = criterion === 'connections' ? connectionLines(report.connections, secrets) : [];
    return [style('bold', criterionTitle(criterion)), ...stepLines(own, style), ...strings];
  });
}

function stepLines(steps: readonly Step[], style: Style): readonly string[] {
  const rows = steps.map((step): readonly Cell[] => {
    const { outcome, subject, message = '' } = step;
    const said = cleanOutput(outcome === 'skipped' ? `skipped: ${message}` : message);
    return [{ text: `  ${SYMBOLS[outcome]} ${subject}`, format: FORMATS[outcome] }, said];
  });
  const [, ...lines] = renderTable([['', ''], ...rows], style);
  return lines.flatMap((line, index) => [line, ...moreLines(steps[index])]);
}

function moreLines(step: Step | undefined): readonly string[] {
  if (step?.outcome !== 'failed') return [];
  return [step.details, step.remedy]
    .filter((text) => text !== undefined)
    .flatMap((text) => indented(cleanOutput(text)));
}

function indented(text: string): readonly string[] {
  return text.split('\n').map((line) => `      ${line}`);
}

function connectionLines(connections: readonly StoreConnection[], secrets: ShownSecrets): readonly string[] {
  return connections.flatMap(({ service, inside, host }) => [
    `      ${service} from this machine: ${host?.[secrets] ?? '- (publishes no port)'}`,
    `      ${service} from inside: ${inside[secrets]}`,
  ]);
}

/** The last line of an acceptance that was looked at to its end. */
export function verdictText(report: AcceptanceReport): string {
  const { environment, steps, ms } = report;
  const { passed, failed, skipped } = stepCounts(steps);
  const counts = [
    `${passed} passed`,
    ...(failed ? [`${failed} failed`] : []),
    ...(skipped ? [`${skipped} skipped`] : []),
  ];
  const verdict = isAccepted(report) ? `✔ ${environment} is accepted` : `✖ ${environment} is not accepted`;
  return `${verdict}: ${counts.join(', ')} (${secondsText(ms)}).`;
}

/** The report as JSON, in the form that `docs/command-line.md` describes. */
export function acceptanceJson(report: AcceptanceReport, secrets: ShownSecrets): Record<string, unknown> {
  const { environment, project, steps, connections, ms, cancelled, after, error } = report;
  return {
    operation: 'accept',
    environment,
    project,
    accepted: isAccepted(report),
    cancelled,
    seconds: secondsJson(ms),
    counts: stepCounts(steps),
    steps: steps.map(({ criterion, subject, outcome, ms: took, ...rest }) => ({
      ...{ criterion, subject, outcome, seconds: secondsJson(took) },
      ...rest,
    })),
    connections: connections.map(({ service, inside, host }) => ({
      service,
      inside: inside[secrets],
      host: host?.[secrets] ?? null,
    })),
    after,
    ...(error ? { error: errorJson(error) } : {}),
  };
}
