import { stripVTControlCharacters } from 'node:util';
import type { SAXParser, Tag } from 'sax';
import type { TestCase, TestOutcome } from '../model/testCase';

/** How many tests of a report are read: more than that nobody looks through. */
const MOST_CASES = 20_000;
/** How many characters of a message, and of what else is told of a failure, are kept. */
const MOST_MESSAGE = 2_000;
const MOST_DETAILS = 20_000;
/** How many suites inside of one another are named. */
const MOST_SUITES = 10;

/** What a report in the form of JUnit says. */
export interface JUnitReport {
  /** In their order; at most 20,000. */
  readonly cases: readonly TestCase[];
  /** Why it can't be read to its end, and where; undefined when it was. */
  readonly broken?: { readonly message: string; readonly line: number };
}

/**
 * Reads a report in the form of JUnit, which has no standard: as pytest, jest-junit, vitest, mocha-junit-reporter, cargo nextest,
 * go-junit-report and Surefire write it. One that ends in the middle, because its runner was killed, tells what stands before that.
 * Entities other than those of XML itself are not known, so that none can grow.
 * @returns undefined when the text is no such report: coverage is reported in XML, too.
 */
export async function readJUnit(text: string): Promise<JUnitReport | undefined> {
  const { default: sax } = await import('sax');
  const reader = new Reader(sax.parser(true, { position: true }));
  return reader.read(text);
}

/** The attributes of an element. */
type Attributes = Readonly<Record<string, string>>;

/** What is open of an element `testcase`. */
interface OpenCase {
  readonly attributes: Attributes;
  outcome: TestOutcome;
  message?: string;
  details: string;
  /** What the test printed. */
  output: string;
}

/** Thrown to leave the parser in the middle of a text: there is no other way. */
class Enough extends Error {}

class Reader {
  private readonly suites: Attributes[] = [];
  private readonly cases: TestCase[] = [];
  private open: OpenCase | undefined;
  /** The element of a test whose text is read. */
  private element = '';
  private isReport: boolean | undefined;
  private broken: JUnitReport['broken'];

  constructor(private readonly parser: SAXParser) {
    parser.onopentag = (tag) => this.opened(tag as Tag);
    parser.onclosetag = (name) => this.closed(name);
    parser.ontext = (text) => this.text(text);
    parser.oncdata = (text) => this.text(text);
    parser.onerror = ({ message }) => {
      this.broken = { message: message.split('\n', 1).join(), line: parser.line + 1 };
      throw new Enough();
    };
  }

  read(text: string): JUnitReport | undefined {
    try {
      this.parser.write(text).close();
    } catch (error) {
      if (!(error instanceof Enough)) throw error;
    }
    if (this.isReport === false) return undefined;
    const broken = this.isReport ? this.broken : (this.broken ?? { message: 'No XML', line: 1 });
    return { cases: this.cases, ...(broken ? { broken } : {}) };
  }

  private opened({ name, attributes }: Tag): void {
    this.isReport ??= name === 'testsuites' || name === 'testsuite';
    if (!this.isReport) throw new Enough();
    if (this.open) this.openedInCase(this.open, name, attributes);
    else if (name === 'testsuite') this.suites.push(attributes);
    else if (name === 'testcase') this.open = { attributes, outcome: 'passed', details: '', output: '' };
  }

  private openedInCase(open: OpenCase, name: string, attributes: Attributes): void {
    this.element = name;
    const outcome = OUTCOMES.get(name);
    if (outcome === undefined || open.outcome === 'failed' || open.outcome === 'errored') return;
    open.outcome = outcome;
    open.message = attributes.message;
  }

  private text(text: string): void {
    const { open, element } = this;
    const part = OUTCOMES.has(element) ? 'details' : element.startsWith('system-') ? 'output' : undefined;
    if (!open || part === undefined || open[part].length >= MOST_DETAILS) return;
    open[part] += text.slice(0, MOST_DETAILS);
  }

  private closed(name: string): void {
    this.element = '';
    if (name === 'testsuite') this.suites.pop();
    if (name !== 'testcase' || !this.open) return;
    this.cases.push(testCase(this.open, this.suites));
    this.open = undefined;
    if (this.cases.length >= MOST_CASES) throw new Enough();
  }
}

/** The elements of a test that tell how it ended. That it passed in the end (`flakyFailure`) is no failure. */
const OUTCOMES: ReadonlyMap<string, TestOutcome> = new Map([
  ['failure', 'failed'],
  ['error', 'errored'],
  ['skipped', 'skipped'],
]);

function testCase(
  { attributes, outcome, message, details, output }: OpenCase,
  suites: readonly Attributes[],
): TestCase {
  const told = cleaned(details.trim() === '' ? output : details, MOST_DETAILS);
  const isBad = outcome === 'failed' || outcome === 'errored';
  const { name = '', classname = '', time, line } = attributes;
  const suite = suiteOf(name, classname, suites);
  const file = fileOf(attributes, suites);
  const ms = Number((time ?? '').replaceAll(',', '') || Number.NaN) * 1_000;
  // Source: pytest's `reportinfo`, whose lines start at 0, is what its reports have.
  const lineNumber = Number(line) + (suites.at(-1)?.name === 'pytest' ? 1 : 0);
  const [short = ''] = told.split('\n');
  return {
    name: name || classname,
    ...(suite ? { suite } : {}),
    outcome,
    ...(outcome === 'passed' ? {} : optional('message', cleaned(message ?? '', MOST_MESSAGE) || (isBad ? short : ''))),
    ...(isBad ? optional('details', told) : {}),
    ...(Number.isFinite(ms) && ms >= 0 ? { ms } : {}),
    ...(file ? { file } : {}),
    ...(file && lineNumber >= 1 && Number.isInteger(lineNumber) ? { line: lineNumber } : {}),
  };
}

/**
 * What a test belongs to: its class, which is finer than its suite (pytest has one suite for all); but with the runners of
 * JavaScript that is what the test itself is called, and the suites tell more.
 */
function suiteOf(name: string, classname: string, suites: readonly Attributes[]): string {
  if (classname && !name.includes(classname)) return classname;
  const names = suites.map((suite) => suite.name ?? '').filter((one) => one && one !== 'Root Suite');
  return names.slice(0, MOST_SUITES).join(' › ');
}

/** Where a test stands: what it or its suite says, or what these are called where that is a path (vitest). */
function fileOf({ file, classname }: Attributes, suites: readonly Attributes[]): string | undefined {
  const suite = suites.at(-1) ?? {};
  const called = [classname, suite.name].filter(
    (name) => name !== undefined && /^\S*[/\\.]\S*\.[cm]?[jt]sx?$/.test(name),
  );
  return [file, suite.file, suite.filepath, ...called].find(Boolean);
}

function cleaned(text: string, most: number): string {
  return stripVTControlCharacters(text).trim().slice(0, most);
}

function optional<K extends string>(key: K, value: string): { readonly [key in K]?: string } {
  return value ? ({ [key]: value } as { readonly [key in K]: string }) : {};
}
