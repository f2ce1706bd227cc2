import { isBad, outcomeCounts, type TestCase } from '../../core/model/testCase';
import { cleanOutput } from './errors';
import type { Style } from './style';

/** How many failed tests are told of, and how many lines of each one's message. */
const MOST_TOLD = 10;
const MOST_LINES = 3;

/** How many tests ended in which way: `12 passed, 1 failed, 2 skipped`. */
export function countsText(cases: readonly TestCase[]): string {
  const { passed, failed, errored, skipped } = outcomeCounts(cases);
  const others = [
    [failed, 'failed'],
    [errored, errored === 1 ? 'error' : 'errors'],
    [skipped, 'skipped'],
  ] as const;
  return [`${passed} passed`, ...others.filter(([count]) => count > 0).map((words) => words.join(' '))].join(', ');
}

/** What the reports of a run say: how many tests there were, and of those that failed, which, where and why. */
export function testCaseLines(cases: readonly TestCase[], style: Style): readonly string[] {
  if (cases.length === 0) return [];
  const bad = cases.filter(isBad);
  const more = bad.length - MOST_TOLD;
  return [
    style(bad.length > 0 ? 'red' : 'green', countsText(cases)),
    ...bad.slice(0, MOST_TOLD).flatMap((one) => badCaseLines(one, style)),
    ...(more > 0 ? [`  … and ${more} more`] : []),
  ];
}

function badCaseLines({ name, suite, message = '', file, line }: TestCase, style: Style): readonly string[] {
  const place = file && [file, line].filter(Boolean).join(':');
  const lines = cleanOutput(message).split('\n');
  return [
    `  ${style('red', `✖ ${cleanOutput([suite, name].filter(Boolean).join(' › '))}`)}${place ? ` (${place})` : ''}`,
    ...lines.slice(0, MOST_LINES).map((text) => `    ${text}`),
    ...(lines.length > MOST_LINES ? ['    …'] : []),
  ];
}
