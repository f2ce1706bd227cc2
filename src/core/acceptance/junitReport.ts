import * as l10n from '@vscode/l10n';
import type { UserError } from '../common/errors';
import { type AcceptanceReport, CRITERIA, criterionTitle, type Step, stepCounts } from './acceptance';
import { failedBy } from './acceptanceContext';

/**
 * A report in the form of JUnit, as CI systems read it: a suite for each criterion, a test for each thing that it is about. Connection
 * strings are not in it.
 */
export function junitReport(report: Pick<AcceptanceReport, 'environment' | 'steps' | 'ms' | 'error'>): string {
  const { environment, steps, ms, error } = report;
  const suites = CRITERIA.flatMap((criterion) => {
    const own = steps.filter((step) => step.criterion === criterion);
    return own.length > 0 ? suite(criterionTitle(criterion), environment, own) : [];
  });
  const left = error
    ? [
        `  <testsuite name="${escaped(environment)}" tests="1" failures="0" errors="1" skipped="0">`,
        `    <testcase name="${escaped(l10n.t('is left as it was found'))}" classname="${escaped(environment)}">`,
        `      <error message="${escaped(error.message)}"/>`,
        '    </testcase>',
        '  </testsuite>',
      ]
    : [];
  const { failed, skipped } = stepCounts(steps);
  const errors = error ? 1 : 0;
  const totals = `tests="${steps.length + errors}" failures="${failed}" errors="${errors}" skipped="${skipped}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="berth accept" ${totals} time="${seconds(ms)}">`,
    ...suites,
    ...left,
    '</testsuites>',
    '',
  ].join('\n');
}

/** The report of an acceptance that could not be begun: that nothing is up, with the reason. @param error without secrets. */
export function refusalReport(environment: string, error: UserError): string {
  const step: Step = { criterion: 'healthy', subject: environment, ms: 0, ...failedBy(error) };
  return junitReport({ environment, steps: [step], ms: 0 });
}

function suite(title: string, environment: string, steps: readonly Step[]): readonly string[] {
  const { failed, skipped } = stepCounts(steps);
  const counts = `tests="${steps.length}" failures="${failed}" errors="0" skipped="${skipped}"`;
  const time = seconds(Math.max(...steps.map(({ ms }) => ms)));
  return [
    `  <testsuite name="${escaped(title)}" ${counts} time="${time}">`,
    ...steps.flatMap((step) => testCase(step, environment)),
    '  </testsuite>',
  ];
}

function testCase(step: Step, environment: string): readonly string[] {
  const { criterion, subject, ms } = step;
  const names = `name="${escaped(subject)}" classname="${escaped(`${environment}.${criterion}`)}" time="${seconds(ms)}"`;
  if (step.outcome === 'passed') return [`    <testcase ${names}/>`];
  return [`    <testcase ${names}>`, `      ${outcomeElement(step)}`, '    </testcase>'];
}

function outcomeElement(step: Exclude<Step, { outcome: 'passed' }>): string {
  const message = escaped(step.message);
  if (step.outcome === 'skipped') return `<skipped message="${message}"/>`;
  const more = [step.remedy, step.details].filter(Boolean).join('\n\n');
  return `<failure message="${message}">${escaped(more)}</failure>`;
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}

/** A text as it may stand in XML, also in an attribute. What can't be in XML at all is left out. */
function escaped(text: string): string {
  return text.replace(NOT_IN_XML, '').replace(/[&<>"\n]/g, (one) => `&#${one.charCodeAt(0)};`);
}

/** Source: XML 1.0, production 2 (Char). */
const NOT_IN_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
