import fs from 'node:fs';
import path from 'node:path';
import type { CheckedEnvironment } from '../../core/checks/check';
import { LIVE_CODES } from '../../core/checks/live/liveChecks';
import { isUnknownKey } from '../../core/checks/unknownKey';
import { closeTo } from '../../core/common/closeNames';
import { UserError } from '../../core/common/errors';
import { unlessAborted } from '../../core/common/event';
import { dockerMissing, isDockerInstalled } from '../../core/compose/compose';
import type { Checked } from '../../core/findings/findings';
import type { Mended } from '../../core/findings/fixing';
import type { LiveChecked } from '../../core/findings/liveFindings';
import { bySeverity, type Finding, type Fix } from '../../core/model/finding';
import { ALL_CODES, type FindingCode, isFindingCode } from '../../core/model/findingCodes';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import { EXIT } from '../exitCodes';
import { fixCommands } from '../fixCommands';
import { pageOf } from '../pages';
import { chooseEnvironment, noEnvironments, openProject, typedWith } from '../project';
import { placeText } from '../rendering/errors';
import { countsOf, findingJson, renderFindings } from '../rendering/findings';
import { jsonDocument } from '../rendering/json';
import { sarifLog } from '../rendering/sarif';
import { VERSION } from '../version';
import { ANY_NUMBER, type Command, type CommandContext } from './command';
import { underWay } from './underWay';

/** `berth check`: what is wrong with the files of environments, and with environments beside each other. */
export const check: Command = {
  summary: 'find what is wrong, and mend it',
  operands: '[ENV…]',
  mostOperands: ANY_NUMBER,
  options: ['fix', 'code', 'explain', 'live', 'json', 'sarif'],
  details:
    'Looks at the files of all environments beside each other: ports and names that two of them have, overlays that do not do what they ' +
    'say, dependencies that are not waited for, secrets in files … With environments named, shows what is about these. --fix writes ' +
    'the fixes that do just what is surely meant, once Compose accepts them; others are written one code at a time, with --code. ' +
    'Ends with 1 when there are errors. Needs no running Docker engine, unless --live is given: then it also looks whether ports and ' +
    'names are free, what is external is there, certificates are good, and so on.',
  examples: [
    ['berth check', 'everything'],
    ['berth check --fix', 'writes what is safe to write'],
    ['berth check --fix --code same-port', 'mends this, by the first of its fixes'],
    ['berth check dev --live', 'what would keep it from coming up now'],
    ['berth check dev --live --fix --code port-taken', 'publishes another port'],
    ['berth check --explain same-port', 'the page of a code'],
    ['berth check --sarif > berth.sarif', 'for code scanning'],
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { berth, options, output, signal, workingFolder } = context;
  if (options.json && options.sarif) throw new UserError('usage', 'Either --json or --sarif, not both.');
  if (options.explain !== undefined) {
    if (options.sarif || options.fix || options.live || options.code || context.operands.length > 0)
      throw new UserError('usage', '--explain CODE stands alone, or with --json.');
    return explain(options.explain, context);
  }
  const codes = knownCodes(options.code ?? []);
  if (!isDockerInstalled()) throw dockerMissing();
  const folder = await openProject(context);
  const meant = chosen(context, folder);
  await underWay(context, 'Asking Compose what the files say', () => unlessAborted(berth.store.whenResolved(), signal));
  const isMeant = (finding: Finding) => isOf(finding, meant) && (codes.length === 0 || codes.includes(finding.code));
  const ids = (meant ?? berth.store.environments).map(({ definition }) => definition.id);
  const { checked, live, mended, files } = await underWay(context, options.fix ? 'Mending' : 'Looking', () =>
    look(context, { isMeant, codes, ids }),
  );
  const findings = [...checked.findings, ...(live?.findings ?? [])].filter(isMeant).sort(bySeverity);
  const hasErrors = findings.some(({ severity }) => severity === 'error');
  if (options.sarif) {
    const log = sarifLog(findings, { root: repositoryOf(folder), version: VERSION, store: berth.store });
    output.out.write(`${JSON.stringify(log, undefined, 2)}\n`);
    for (const note of [...askedInVain(context, codes), ...(live?.notes ?? [])]) output.err.write(`${note}\n`);
    return hasErrors ? EXIT.failed : EXIT.done;
  }
  const { offered, notes: unjudged } = await underWay(context, 'Asking Compose which fixes it accepts', () =>
    offer(context, findings, { checked, live }),
  );
  const notes = [...askedInVain(context, codes), ...(live?.notes ?? []), ...unjudged];
  if (options.json) {
    const asJson = (all: readonly Finding[]) => all.map((finding) => findingJson(offered(finding), berth.store));
    output.out.write(
      jsonDocument({ folder, findings: asJson(findings), mended: asJson(mended), written: files, notes }),
    );
  } else {
    const { style } = output.out;
    for (const file of files) output.out.write(`${style('green', `✔ Wrote ${placeText({ file }, workingFolder)}.`)}\n`);
    if (mended.length > 0) output.out.write(`Mended: ${countsOf(mended)}.\n\n`);
    const lost = await lossesOf(context, findings);
    const adviceOf = (finding: Finding) => [
      ...(options.fix ? whyLeft(finding, codes, checked) : []),
      ...advice(offered(finding), context),
      ...(lost.get(finding) ?? []).map((line) => `  ${line}`),
    ];
    for (const line of renderFindings(findings, { from: workingFolder, style, adviceOf }))
      output.out.write(`${line}\n`);
    output.out.write(
      `${findings.length > 0 ? '\n' : ''}${summary(findings.map(offered), notes.length === 0, codes, context)}\n`,
    );
    const [first] = findings;
    if (first) output.out.write(`${style('dim', `More about a code: berth check --explain ${first.code}`)}\n`);
    for (const note of notes) output.err.write(`${note}\n`);
  }
  return hasErrors ? EXIT.failed : EXIT.done;
}

/** Prints the page of a code. */
function explain(name: string, { options, output }: CommandContext): number {
  const [code] = knownCodes([name]);
  if (code) output.out.write(options.json ? jsonDocument({ code, markdown: pageOf(code) }) : pageOf(code));
  return EXIT.done;
}

/** What there is to find, once what is to be mended is: in the files first, then beside them. */
async function look(
  { berth, options, signal }: CommandContext,
  {
    isMeant,
    codes,
    ids,
  }: {
    readonly isMeant: (finding: Finding) => boolean;
    readonly codes: readonly FindingCode[];
    readonly ids: readonly string[];
  },
): Promise<Mended & { readonly live?: LiveChecked }> {
  const how = { isAnyFix: codes.length > 0, signal };
  const inFiles = options.fix
    ? await berth.fixing.mend(isMeant, how)
    : nothingMended(await berth.findings.check(signal));
  if (!options.live) return inFiles;
  const asked = codes.length > 0 ? { codes } : {};
  const lookLive = () => berth.liveFindings.check(ids, signal, { runsCommands: true, ...asked });
  if (!options.fix) return { ...inFiles, live: await lookLive() };
  const looks: LiveChecked[] = [];
  const lookAgain = async () => {
    const checked = await lookLive();
    looks.push(checked);
    return checked;
  };
  const beside = await berth.fixing.mend(isMeant, { ...how, look: lookAgain });
  return {
    mended: [...inFiles.mended, ...beside.mended],
    files: [...new Set([...inFiles.files, ...beside.files])],
    checked: beside.files.length > 0 ? await berth.findings.check(signal) : inFiles.checked,
    live: looks.at(-1),
  };
}

function nothingMended(checked: Checked): Mended {
  return { mended: [], files: [], checked };
}

/** For how long Compose is asked which fixes it accepts, in milliseconds: those that it has not judged by then are not named. */
const JUDGING_LIMIT = 30_000;

/** Findings with those fixes alone that can be done, and what to say when not all could be judged. */
interface Offered {
  readonly offered: (finding: Finding) => Finding;
  readonly notes: readonly string[];
}

/** Has Compose judge the fixes that change files. */
async function offer(
  { berth, signal }: CommandContext,
  findings: readonly Finding[],
  { checked, live }: { readonly checked: Checked; readonly live?: LiveChecked },
): Promise<Offered> {
  const judged = await Promise.all(
    [checked, ...(live ? [live] : [])].map((look) => {
      const own = findings.filter((one) => look.findings.includes(one));
      return berth.fixing.mendable(own, look, { limit: JUDGING_LIMIT, signal });
    }),
  );
  const isOffered = (fix: Fix) => fix.kind !== 'edit' || judged.some(({ fixes }) => fixes.has(fix));
  return {
    offered: (finding) => ({ ...finding, fixes: finding.fixes.filter(isOffered) }),
    notes: judged.every(({ areAllJudged }) => areAllJudged)
      ? []
      : [`Compose has not judged all fixes within ${JUDGING_LIMIT / 1000} seconds: those are not named.`],
  };
}

/** Why `--fix` has left a finding that it has tried to mend, or that it was given the code of. */
function whyLeft(finding: Finding, codes: readonly FindingCode[], checked: Checked): readonly string[] {
  const { code, fixes } = finding;
  const isTried = (fix: Fix) => fix.kind === 'edit' && !fix.isChoice && (fix.isSafe || codes.length > 0);
  if (fixes.some(isTried)) {
    const refused = refusedBefore(finding, checked).map(({ definition: { name } }) => `"${name}"`);
    return [
      refused.length > 0
        ? `--fix leaves it: Compose refuses the files of ${refused.join(', ')} for another reason, which has to be mended first.`
        : '--fix leaves it: with that fix, Compose would not accept the files, it would stay, or there would be a new error.',
    ];
  }
  const isAction = (fix: Fix) => fix.kind !== 'edit';
  return codes.includes(code) && fixes.some(isAction) && fixes.every(isAction)
    ? ['--fix leaves it: it changes files alone, and this is mended by a command, which is for you to run.']
    : [];
}

/** The environments of a finding whose files Compose refuses, and not for what was found: it can't judge a fix of them. */
function refusedBefore({ code, environments, places }: Finding, { facts }: Checked): readonly CheckedEnvironment[] {
  const isOf = (error: UserError) =>
    (code === 'unknown-key' && isUnknownKey(error)) ||
    places.some(({ file, line }) => file === error.details.place?.file && line === error.details.place.line);
  return facts.environments.filter(
    ({ definition, error }) => environments.includes(definition.id) && error !== undefined && !isOf(error),
  );
}

/** That codes were asked for which are never found in files alone. */
function askedInVain({ options }: CommandContext, codes: readonly FindingCode[]): readonly string[] {
  const found = options.live ? [] : codes.filter((code) => LIVE_CODES.includes(code));
  return found.length > 0 ? [`Only --live looks for ${found.join(', ')}.`] : [];
}

/** What is lost with containers that are in the way, if they are removed. */
async function lossesOf(
  { berth, signal }: CommandContext,
  findings: readonly Finding[],
): Promise<ReadonlyMap<Finding, readonly string[]>> {
  const found = await Promise.all(
    findings.map(async (finding) => {
      const losses = await Promise.all(finding.fixes.map((fix) => berth.fixActions.losses(fix, signal)));
      return [finding, losses.flat()] as const;
    }),
  );
  return new Map(found);
}

/** What to type so that a finding is mended. */
function advice(finding: Finding, context: CommandContext): readonly string[] {
  const check = (...options: readonly string[]) =>
    typedWith(context, ...options.filter((word) => !context.typed.includes(word)));
  return fixCommands(finding, context, check).map((command) => `Try: ${command}`);
}

/** @param isWhole whether everything was looked at: all is well only then. */
function summary(
  findings: readonly Finding[],
  isWhole: boolean,
  codes: readonly FindingCode[],
  context: CommandContext,
): string {
  const { style } = context.output.out;
  if (findings.length === 0) {
    const asFar = context.options.live ? 'can be told' : 'files tell';
    const what = codes.length === 0 ? 'Nothing is wrong' : `Nothing of ${codes.join(', ')} was found`;
    return isWhole ? style('green', `✔ ${what}, as far as ${asFar}.`) : `${what} in what could be looked at.`;
  }
  const safe = findings.filter(({ fixes }) => fixes.some((one) => one.kind === 'edit' && one.isSafe)).length;
  const counts = `${countsOf(findings)}.`;
  return safe > 0 && !context.options.fix
    ? `${counts} ${safe} with a safe fix: ${typedWith(context, '--fix')}`
    : counts;
}

/** The environments that are named, be it joined by commas; undefined when none is. */
function chosen(
  { berth: { store }, operands }: CommandContext,
  folder: string,
): readonly EnvironmentSnapshot[] | undefined {
  if (store.environments.length === 0 && store.problems.length === 0) throw noEnvironments(folder);
  const names = operands.flatMap((operand) => operand.split(',')).filter(Boolean);
  return names.length === 0 ? undefined : names.map((name) => chooseEnvironment(store.environments, name, folder));
}

function isOf({ environments }: Finding, meant: readonly EnvironmentSnapshot[] | undefined): boolean {
  return !meant || meant.some(({ definition }) => environments.includes(definition.id));
}

/** @throws UserError (usage) when there is no such code. */
function knownCodes(names: readonly string[]): readonly FindingCode[] {
  return names.map((name) => {
    if (isFindingCode(name)) return name;
    const close = closeTo(name, ALL_CODES);
    throw new UserError('usage', `There is no code "${name}".`, {
      remedy:
        close.length > 0 ? `Did you mean ${close.join(' or ')}?` : 'The codes are those in what "berth check" shows.',
    });
  });
}

/** The top of the repository that a folder is in; itself when it is in none. */
function repositoryOf(folder: string): string {
  for (let at = folder; at !== path.dirname(at); at = path.dirname(at)) {
    if (fs.existsSync(path.join(at, '.git'))) return at;
  }
  return folder;
}
