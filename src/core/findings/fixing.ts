import fs from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import type { CheckedEnvironment } from '../checks/check';
import { messageOf, UserError } from '../common/errors';
import { replaceFile } from '../common/replaceFile';
import { applyEdits, overlap, sameEdit } from '../compose/composeEdit';
import type { EnvironmentStore } from '../environmentStore';
import type { FileEdit, Finding, Fix } from '../model/finding';
import type { Checked, Findings } from './findings';
import type { LiveFindings } from './liveFindings';
import { newErrors } from './newErrors';
import { isFurther } from './nextComplaint';

/** A fix that changes files. */
export type EditFix = Extract<Fix, { kind: 'edit' }>;

/** Files with other texts, which Compose accepts. */
export interface ProposedTexts {
  /** By absolute path. */
  readonly texts: ReadonlyMap<string, string>;
  /** Those of them that only this user is to read, if they have yet to be made. */
  readonly privateFiles: ReadonlySet<string>;
  /** What is mended by that. */
  readonly mended: readonly Finding[];
  /** What there is to find with them. */
  readonly then: Checked;
}

/** A fix with what it mends. */
type Mending = readonly [Finding, EditFix];

/** What was mended. */
export interface Mended {
  readonly mended: readonly Finding[];
  /** The files that were written: absolute paths. */
  readonly files: readonly string[];
  /** What there is to find now. */
  readonly checked: Checked;
}

/** Fixes that can be done. */
export interface Mendable {
  readonly fixes: ReadonlySet<Fix>;
  /** Whether there was time to judge all. */
  readonly areAllJudged: boolean;
}

/** Works out what fixes make of files, and has Compose judge it before anything is offered or written. */
export class Fixing {
  constructor(
    private readonly findings: Findings,
    private readonly liveFindings: Pick<LiveFindings, 'again'>,
    private readonly store: EnvironmentStore,
  ) {}

  /**
   * The fixes of a finding that can be done: of those that change files, those with which Compose accepts all environments that have
   * these files, and the finding is gone.
   * @param checked the look that the finding is of.
   * @throws the signal's reason when aborted.
   */
  async offered(finding: Finding, checked: Checked, signal?: AbortSignal): Promise<readonly Fix[]> {
    const offered = await Promise.all(
      finding.fixes.map(async (fix) => {
        if (fix.kind !== 'edit') return [fix];
        return (await this.proposal([[finding, fix]], checked, signal)) ? [fix] : [];
      }),
    );
    return offered.flat();
  }

  /**
   * What files would be with some fixes in them; undefined when Compose would not accept that, one of the findings would stay, or there
   * would be an error that there was not. An environment that it did not accept before is no reason where the findings are not about it, or
   * where it complains of something else next: it tells of one mistake at a time.
   * @throws the signal's reason when aborted.
   */
  async proposal(
    fixes: readonly Mending[],
    checked: Checked,
    signal?: AbortSignal,
  ): Promise<ProposedTexts | undefined> {
    const edits = once(fixes.flatMap(([, fix]) => fix.edits));
    const texts = changedTexts(edits, checked);
    const then = await this.findings.checkTexts(texts, signal);
    const mended = fixes.map(([finding]) => finding);
    const isAccepted = (one: CheckedEnvironment) =>
      (!isRefusing(one) && !one.isAsSaved) ||
      (this.wasRefused(one, checked) &&
        (!mended.some(({ environments }) => environments.includes(one.definition.id)) ||
          isFurther({ mended, edits }, checked, one)));
    const left = [...then.findings, ...this.liveFindings.again(checked, then.facts)];
    const isLeft = mended.some(
      (one) => countOf(one, left) > Math.max(0, countOf(one, checked.findings) - countOf(one, mended)),
    );
    const isKept = !fixes.some(([, { keepsConfiguration }]) => keepsConfiguration) || isSameForCompose(checked, then);
    const isGood = then.facts.environments.every((one) => !this.hasOneOf(one, texts) || isAccepted(one));
    if (!isGood || isLeft || !isKept || (await this.bringsError(left, checked, then, texts, signal))) return undefined;
    const privateFiles = new Set(edits.filter(({ isPrivate }) => isPrivate).map(({ file }) => file));
    return { texts, privateFiles, mended, then };
  }

  /**
   * What files would be with the safe fixes of some findings in them: as many as Compose accepts together. Undefined when there is none.
   * @param isAnyFix whether to take the first fix of each that changes files and is no choice, be it safe or not.
   * @throws the signal's reason when aborted.
   */
  async proposalOfAll(
    findings: readonly Finding[],
    checked: Checked,
    { isAnyFix = false, signal }: { readonly isAnyFix?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<ProposedTexts | undefined> {
    const fixes = fixesOf(findings, isAnyFix);
    return (await this.most(fixes, { accepted: [] }, checked, signal)).proposal;
  }

  /**
   * Of the fixes that change files, those that {@link mend} would do: of each finding the safe one, or else the first that is no choice.
   * They are judged together, as far as they go together: one by one would take Compose much longer.
   * @param limit for how long to ask Compose, in milliseconds: what it has not judged by then is not among them.
   * @throws the signal's reason when aborted.
   */
  async mendable(
    findings: readonly Finding[],
    checked: Checked,
    { limit, signal }: { readonly limit: number; readonly signal?: AbortSignal },
  ): Promise<Mendable> {
    const limited = AbortSignal.any([AbortSignal.timeout(limit), ...(signal ? [signal] : [])]);
    const safe = fixesOf(findings, false);
    const others = fixesOf(
      findings.filter((finding) => !safe.some(([one]) => one === finding)),
      true,
    );
    const fixes = new Set<Fix>();
    try {
      // What keeps the configuration does not go together with what changes it.
      for (const isKeeping of [false, true]) {
        const meant = [...safe, ...others].filter(([, fix]) => (fix.keepsConfiguration ?? false) === isKeeping);
        await this.most(meant, { accepted: [] }, checked, limited, (fix) => fixes.add(fix));
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (!limited.aborted) throw error;
    }
    return { fixes, areAllJudged: !limited.aborted };
  }

  /**
   * Writes the safe fixes of some findings, and looks again until there is nothing left to fix: one fix can make room for another. What
   * comes back is left.
   * @param isMeant which findings to mend.
   * @param look how to look each time, where not only at the files.
   * @param isAnyFix whether to take the first fix of each that changes files and is no choice, be it safe or not.
   * @throws as {@link write} does; what was written by then stays. The signal's reason when aborted.
   */
  async mend(
    isMeant: (finding: Finding) => boolean,
    {
      look = (signal) => this.findings.check(signal),
      isAnyFix = false,
      signal,
    }: {
      readonly look?: (signal?: AbortSignal) => Promise<Checked>;
      readonly isAnyFix?: boolean;
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<Mended> {
    const mended: Finding[] = [];
    const files = new Set<string>();
    let before: readonly Finding[] = [];
    for (;;) {
      const checked = await look(signal);
      const isBack = (one: Finding) =>
        countOf(one, mended) > 0 && countOf(one, checked.findings) >= countOf(one, before);
      const left = checked.findings.filter((one) => isMeant(one) && !isBack(one));
      before = checked.findings;
      const proposal = await this.proposalOfAll(left, checked, { isAnyFix, signal });
      if (!proposal) return { mended, files: [...files], checked };
      await this.write(proposal, checked);
      mended.push(...proposal.mended);
      for (const file of proposal.texts.keys()) files.add(file);
      await this.store.filesChanged([...proposal.texts.keys()]);
      await this.store.whenResolved();
    }
  }

  /**
   * Writes files with other texts: all of them, or none.
   * @throws UserError (failed) when a file is not as it was when the change was worked out, or can't be written.
   */
  async write({ texts, privateFiles }: ProposedTexts, { facts }: Checked): Promise<void> {
    for (const file of texts.keys()) {
      const now = await fs.readFile(file, 'utf8').catch(() => undefined);
      if (now === facts.textOf(file)) continue;
      throw new UserError('failed', l10n.t('The file was changed meanwhile.'), {
        place: { file },
        remedy: l10n.t('Nothing was written. Try again.'),
      });
    }
    const written: string[] = [];
    try {
      for (const file of inSafeOrder(texts.keys())) {
        await replaceFile(file, facts.textOf(file), texts.get(file) ?? '', { isPrivate: privateFiles.has(file) });
        written.push(file);
      }
    } catch (cause) {
      const undone = await Promise.allSettled(
        written.map((file) => takeBack(file, facts.textOf(file), texts.get(file) ?? '')),
      );
      const left = written.filter((_, index) => undone[index]?.status === 'rejected');
      throw notWritten(cause, left);
    }
  }

  /**
   * As many of some fixes as are accepted together, besides others that are. Of many, those that are not are found by halves: one keeps
   * none of those that it is in the way of.
   * @param onAccepted told of each that is accepted, as soon as that is known. With it, each counts by itself: what is in the way of another is
   * judged as well, and the result says nothing.
   */
  private async most(
    fixes: readonly Mending[],
    known: Most,
    checked: Checked,
    signal: AbortSignal | undefined,
    onAccepted?: (fix: Fix) => void,
  ): Promise<Most> {
    const more = fixes.reduce(withCompatible, known.accepted);
    if (more === known.accepted) return known;
    const proposal = await this.proposal(more, checked, signal);
    if (proposal && !onAccepted) return { accepted: more, proposal };
    if (proposal) for (const [, fix] of more) onAccepted?.(fix);
    const left = proposal ? fixes.filter((one) => !more.includes(one)) : fixes;
    if (!proposal && left.length === 1) return known;
    const middle = Math.ceil(left.length / 2);
    const first = await this.most(left.slice(0, middle), known, checked, signal, onAccepted);
    return this.most(left.slice(middle), onAccepted ? known : first, checked, signal, onAccepted);
  }

  /**
   * Whether there would be an error that there was not, in an environment that has one of some files. Of one that Compose did not accept
   * before, errors may be seen only now.
   */
  private async bringsError(
    left: readonly Finding[],
    checked: Checked,
    { facts }: Checked,
    texts: ReadonlyMap<string, string>,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    if (newErrors(checked.findings, left).length === 0) return false;
    // A look at engine and machine has not told what is in the files, nor one of some codes what else there is.
    const { findings } = await this.findings.check(signal);
    const before = [...findings, ...this.liveFindings.again(checked, checked.facts)];
    return newErrors(before, left).some(({ environments }) => {
      const own = facts.environments.filter(
        (one) => environments.includes(one.definition.id) && this.hasOneOf(one, texts),
      );
      return own.length > 0 && !own.some((one) => this.wasRefused(one, checked));
    });
  }

  /** Whether an environment is made of one of some files, or of files that take one of them in. */
  private hasOneOf({ definition: { id, files, envFiles } }: CheckedEnvironment, texts: ReadonlyMap<string, string>) {
    const own = [...files, ...envFiles, ...(this.store.discovered(id)?.dependsOn ?? [])];
    return own.some((file) => texts.has(file));
  }

  /** A look at engine and machine is not at all environments: of the others, files count as they are saved. */
  private wasRefused({ definition: { id } }: CheckedEnvironment, { facts }: Checked): boolean {
    const before = facts.environments.find(({ definition }) => definition.id === id);
    return before ? isRefusing(before) : this.store.find(id)?.resolution.kind !== 'resolved';
  }
}

/** Fixes that are accepted together, with what they come to. */
interface Most {
  readonly accepted: readonly Mending[];
  readonly proposal?: ProposedTexts;
}

/**
 * Compose files come last: what a fix takes out of them has its new place by then, whatever happens.
 */
function inSafeOrder(files: Iterable<string>): readonly string[] {
  const isComposeFile = (file: string) => Number(/\.ya?ml$/i.test(file));
  return [...files].sort((a, b) => isComposeFile(a) - isComposeFile(b));
}

/** Gives a file the text back that it had; one that was not there goes, if it is as it was made. */
async function takeBack(file: string, before: string | undefined, after: string): Promise<void> {
  if (before !== undefined) return replaceFile(file, after, before);
  if ((await fs.readFile(file, 'utf8')) === after) await fs.rm(file);
}

/** @param left the files that are changed all the same. */
function notWritten(cause: unknown, left: readonly string[]): UserError {
  const { place } = cause instanceof UserError ? cause.details : {};
  return new UserError('failed', l10n.t("The files can't be written: {0}", messageOf(cause)), {
    place,
    remedy:
      left.length === 0
        ? l10n.t('All files are as they were. See to it that they may be written, and try again.')
        : l10n.t('Changed all the same: {0}.', left.join(', ')),
    cause,
  });
}

/** Whether Compose does not accept an environment's files, or was not asked. */
function isRefusing({ project, error }: CheckedEnvironment): boolean {
  return project === undefined || error !== undefined;
}

/** Whether Compose says the same of all environments in two looks. */
function isSameForCompose(before: Checked, then: Checked): boolean {
  const contents = ({ facts }: Checked) =>
    facts.environments.map(({ project, error }) => (error ? undefined : project?.config.content));
  return isDeepStrictEqual(contents(before), contents(then));
}

/** The texts of files with edits done. */
function changedTexts(edits: readonly FileEdit[], { facts }: Checked): ReadonlyMap<string, string> {
  const files = new Set(edits.map(({ file }) => file));
  return new Map(
    [...files].map((file) => [
      file,
      applyEdits(
        facts.textOf(file) ?? '',
        edits.filter((edit) => edit.file === file),
      ),
    ]),
  );
}

/** The first fix of each finding that may be taken. */
function fixesOf(findings: readonly Finding[], isAnyFix: boolean): readonly Mending[] {
  return findings.flatMap((finding) => {
    const fix = finding.fixes.find(
      (one): one is EditFix => one.kind === 'edit' && (one.isSafe || (isAnyFix && !one.isChoice)),
    );
    return fix ? [[finding, fix] as const] : [];
  });
}

/** Some fixes with one more; the same ones where that touches what another one changes, and does not do the very same. */
function withCompatible(chosen: readonly Mending[], one: Mending): readonly Mending[] {
  const others = chosen.flatMap(([, { edits }]) => edits);
  const touches = one[1].edits.some((edit) => others.some((other) => overlap(edit, other) && !sameEdit(edit, other)));
  return touches ? chosen : [...chosen, one];
}

function once(edits: readonly FileEdit[]): readonly FileEdit[] {
  return edits.filter((edit, index) => edits.findIndex((other) => sameEdit(edit, other)) === index);
}

/** How many of some findings are the same as one: where that stands in several places of a file, their words may be alike. */
function countOf(one: Finding, findings: readonly Finding[]): number {
  return findings.filter((other) => isSame(one, other)).length;
}

/** Whether two looks have found the same thing: where it stands may have moved. */
function isSame(a: Finding, b: Finding): boolean {
  const file = ({ places: [first] }: Finding) => first?.file;
  return a.code === b.code && a.message === b.message && a.service === b.service && file(a) === file(b);
}
