import { stripVTControlCharacters } from 'node:util';
import * as l10n from '@vscode/l10n';
import type { SAXParser, Tag } from 'sax';
import type { TestCase, TestOutcome } from '../model/testCase';

/** How deep elements may stand in each other: a parser keeps all that are open. */
const DEEPEST = 200;
/** How many characters that can't be are passed over, such as those of colours: each takes time. */
const MOST_MISTAKES = 20_000;
/** How many characters of a message, and of what else is told of a failure, are kept. */
const MOST_MESSAGE = 2_000;
const MOST_DETAILS = 20_000;
/** How many suites inside of one another are named. */
const MOST_SUITES = 10;

/** What a report in the form of JUnit says. */
export interface JUnitReport {
  /** In their order, up to as many as were asked for. */
  readonly cases: readonly TestCase[];
  /** Whether there may be more. */
  readonly isCut: boolean;
  /** Why it can't be read to its end, and where; undefined when it was. */
  readonly broken?: { readonly message: string; readonly line: number };
}

/**
 * Reads a report in the form of JUnit, which has no standard: as pytest, jest-junit, vitest, mocha-junit-reporter, cargo nextest,
 * go-junit-report, GoogleTest, CTest and Surefire write it. One that ends in the middle, because its runner was killed, tells what
 * stands before that. Entities other than those of XML itself are not known, so that none can grow: they stay as they stand.
 * @param pieces its text, as it comes: others get their turn between two pieces. @param most how many tests are read.
 * @returns undefined when the text is no such report: coverage is reported in XML, too.
 */
export async function readJUnit(
  pieces: Iterable<string> | AsyncIterable<string>,
  most: number,
): Promise<JUnitReport | undefined> {
  const { default: sax } = await import('sax');
  // Else it takes an attribute that is longer than a piece for a mistake.
  Object.assign(sax, { MAX_BUFFER_LENGTH: Number.POSITIVE_INFINITY });
  const reader = new Reader(sax.parser(true, { position: true }), most);
  for await (const piece of pieces) if (!reader.read(piece)) break;
  return reader.end();
}

/** The attributes of an element. */
type Attributes = Readonly<Record<string, string>>;

/** A test whose element is open; or what went wrong in a suite outside of its tests, which is told as one. */
interface OpenCase {
  readonly element: string;
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
  private depth = 0;
  private mistakes = 0;
  private isCut = false;
  private broken: JUnitReport['broken'];

  constructor(
    private readonly parser: SAXParser,
    private readonly most: number,
  ) {
    parser.onopentag = (tag) => this.opened(tag as Tag);
    parser.onclosetag = (name) => this.closed(name);
    parser.ontext = (text) => this.text(text);
    parser.oncdata = (text) => this.text(text);
    parser.onerror = ({ message }) => this.failed(message.split('\n', 1).join());
  }

  /** @returns whether more is wanted. */
  read(piece: string): boolean {
    return this.untilEnough(() => this.parser.write(piece));
  }

  end(): JUnitReport | undefined {
    if (!this.broken && !this.isCut && this.isReport !== false) this.untilEnough(() => this.parser.close());
    if (this.isReport === false) return undefined;
    const broken = this.isReport ? this.broken : (this.broken ?? { message: 'No XML', line: 1 });
    return { cases: this.cases, isCut: this.isCut, ...(broken ? { broken } : {}) };
  }

  private untilEnough(parse: () => void): boolean {
    try {
      parse();
      return true;
    } catch (error) {
      if (!(error instanceof Enough)) throw error;
      return false;
    }
  }

  /** @throws Enough unless it is but a character that can't be, of which the parser keeps what stands there. */
  private failed(message: string): void {
    if (/ entity/.test(message) && ++this.mistakes < MOST_MISTAKES) {
      this.parser.resume();
      return;
    }
    this.broken = { message, line: this.parser.line + 1 };
    throw new Enough();
  }

  private opened({ name, attributes }: Tag): void {
    this.isReport ??= name === 'testsuites' || name === 'testsuite';
    if (!this.isReport) throw new Enough();
    if (++this.depth > DEEPEST) this.failed(l10n.t('nested too deep'));
    if (this.open) this.openedInCase(this.open, name, attributes);
    else if (name === 'testsuite') this.suites.push(attributes);
    else if (name === 'testcase') this.begin(name, attributes);
    else if (name === 'error' || name === 'failure') {
      this.openedInCase(this.begin(name, { name: this.suites.at(-1)?.name ?? '' }), name, attributes);
    }
  }

  private begin(element: string, attributes: Attributes): OpenCase {
    if (this.cases.length >= this.most) {
      this.isCut = true;
      throw new Enough();
    }
    this.open = { element, attributes, outcome: outcomeSaid(attributes), details: '', output: '' };
    return this.open;
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
    this.depth--;
    if (this.open?.element === name) {
      this.cases.push(testCase(this.open, this.suites));
      this.open = undefined;
    } else if (name === 'testsuite') this.suites.pop();
  }
}

/** What the attributes of a test say of it, where it has no element that does. Source: the reports of GoogleTest and of CTest. */
function outcomeSaid({ status = '', result = '' }: Attributes): TestOutcome {
  const isLeftOut = (said: string) => /^(?:notrun|disabled|suppressed|skipped)$/i.test(said);
  return isLeftOut(status) || isLeftOut(result) ? 'skipped' : 'passed';
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
  // XML has no such character: some write of colours as if it had.
  const colours = text.replace(/&#(?:27|x0*1b);/gi, '\u001b');
  return stripVTControlCharacters(colours).trim().slice(0, most);
}

function optional<K extends string>(key: K, value: string): { readonly [key in K]?: string } {
  return value ? ({ [key]: value } as { readonly [key in K]: string }) : {};
}
