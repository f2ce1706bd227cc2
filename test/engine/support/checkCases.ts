import assert from 'node:assert/strict';
import { execFileSync, type StdioOptions } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { type Berth, createBerth } from '../../../src/core/berth';
import { silentLog } from '../../../src/core/common/log';
import type { Checked } from '../../../src/core/findings/findings';
import type { Finding, Fix } from '../../../src/core/model/finding';
import type { FindingCode } from '../../../src/core/model/findingCodes';
import { removeFolder, temporaryFolder } from '../../support/temporary';

/** Texts by their paths in a folder. */
export type Files = Readonly<Record<string, string>>;

/** A folder with files, which is checked as a workspace folder is, with the real Compose. Nothing in it is brought up. */
export class CheckedFolder {
  readonly folder = temporaryFolder('checks');
  readonly berth: Berth = createBerth(silentLog, 'tests');

  /** @param tracked has a git repository made of the folder, which has these files; undefined for none. */
  constructor(files: Files, tracked?: readonly string[]) {
    for (const [file, text] of Object.entries(files)) this.write(file, text);
    if (!tracked) return;
    const git = (...args: string[]) => execFileSync('git', args, { cwd: this.folder });
    git('init', '--quiet');
    if (tracked.length > 0) git('add', '--force', '--', ...tracked);
  }

  /** What Compose says of the files that it finds by itself. */
  config(): string {
    const options = {
      cwd: this.folder,
      encoding: 'utf8' as const,
      stdio: ['ignore', 'pipe', 'ignore'] as StdioOptions,
    };
    return execFileSync('docker', ['compose', 'config', '--format', 'json'], options);
  }

  write(file: string, text: string): void {
    const whole = path.join(this.folder, file);
    fs.mkdirSync(path.dirname(whole), { recursive: true });
    fs.writeFileSync(whole, text);
  }

  read(file: string): string {
    return fs.readFileSync(path.join(this.folder, file), 'utf8');
  }

  /** Its files with their texts, without what git has of its own. */
  texts(): Files {
    const all = fs.readdirSync(this.folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    const files = all.map((one) => path.relative(this.folder, path.join(one.parentPath, one.name)));
    return Object.fromEntries(files.filter((one) => !one.startsWith('.git/')).map((one) => [one, this.read(one)]));
  }

  /** Does a fix of a finding as the product does: writes what Compose accepts, or copies an example. */
  async fix(finding: Finding, fix: FileFix, checked: Checked): Promise<void> {
    const { fixing, fixActions } = this.berth;
    if (fix.kind === 'copy-example') return fixActions.run(fix, new AbortController().signal);
    const proposal = await fixing.proposal([[finding, fix]], checked);
    assert.ok(proposal);
    await fixing.write(proposal, checked);
  }

  /** Looks at everything anew. */
  async check(): Promise<Checked> {
    const { store, findings } = this.berth;
    if (store.isScanned) await store.filesChanged();
    else await store.setScope({ workspaceFolders: [this.folder], trusted: true });
    await store.whenResolved();
    return findings.check();
  }

  /** Findings in a line each: `error same-port compose.yaml:4:9 (dev, test)`. */
  lines(findings: readonly Finding[]): readonly string[] {
    return findings.map(({ severity, code, places: [place], environments }) => {
      const at = place ? `${path.relative(this.folder, place.file)}:${place.line ?? ''}` : '-';
      const names = environments.map((id) => this.berth.store.find(id)?.definition.name ?? id).sort();
      return `${severity} ${code} ${at} (${names.join(', ')})`;
    });
  }

  dispose(): void {
    this.berth.dispose();
    removeFolder(this.folder);
  }
}

/** A fix after which files are others. */
type FileFix = Extract<Fix, { kind: 'edit' | 'copy-example' }>;

function isFileFix(fix: Fix): fix is FileFix {
  return fix.kind === 'edit' || fix.kind === 'copy-example';
}

/** What is expected of one code. */
export interface CheckCase {
  /** What the case is about, for the name of its test. */
  readonly about: string;
  readonly code: FindingCode;
  /** Files that have it. */
  readonly has: Files;
  /** The files that git has; undefined where there is no repository. */
  readonly tracked?: readonly string[];
  /** Whether Compose is to say the same with the fix as without. */
  readonly keepsConfiguration?: true;
  /** The findings of that code, as {@link CheckedFolder.lines} writes them. */
  readonly found: readonly string[];
  /** Files that nearly have it: nothing of that code may be found. */
  readonly nearly?: readonly Files[];
  /** The files that change or are made, with their texts, and no others, once every finding of that code is mended by the first fix that is offered of it. */
  readonly fixed?: Files;
  /** False where no fix that changes files may be offered of any of them. */
  readonly isOffered?: false;
}

/** Makes the tests of a case: what has it is told of, what nearly has it is not, and the fix mends it, also for the real Compose. */
export function describeCase(one: CheckCase): void {
  const { about, code, has, tracked, found, nearly = [], fixed, isOffered, keepsConfiguration } = one;
  describe(`${code}: ${about}`, () => {
    let folder: CheckedFolder | undefined;
    afterEach(() => folder?.dispose());
    const ofCode = ({ findings }: Checked) => findings.filter((finding) => finding.code === code);

    it('is found', async () => {
      folder = new CheckedFolder(has, tracked);
      assert.deepEqual(folder.lines(ofCode(await folder.check())), found);
    });

    for (const [index, files] of nearly.entries()) {
      it(`is not found in what nearly has it (${index + 1})`, async () => {
        folder = new CheckedFolder(files, tracked && []);
        const checked = await folder.check();
        assert.deepEqual(
          checked.facts.environments.flatMap(({ error }) => error?.message ?? []),
          [],
        );
        assert.deepEqual(folder.lines(ofCode(checked)), []);
      });
    }

    if (isOffered === false) {
      it('has no fix', async () => {
        folder = new CheckedFolder(has, tracked);
        const checked = await folder.check();
        for (const finding of ofCode(checked)) {
          const offered = await folder.berth.fixing.offered(finding, checked);
          assert.deepEqual(offered.filter(isFileFix), []);
        }
      });
    }

    if (!fixed) return;
    it('is mended by its fix, and then not found again', async () => {
      folder = new CheckedFolder(has, tracked);
      const before = keepsConfiguration && folder.config();
      let checked = await folder.check();
      for (let left = ofCode(checked); left.length > 0; left = ofCode(checked)) {
        const [finding] = left;
        assert.ok(finding);
        const [fix] = (await folder.berth.fixing.offered(finding, checked)).filter(isFileFix);
        assert.ok(fix, `no fix is offered of: ${finding.message}`);
        await folder.fix(finding, fix, checked);
        checked = await folder.check();
        assert.ok(ofCode(checked).length < left.length, 'the fix leaves as many as before');
      }
      assert.deepEqual(
        checked.facts.environments.flatMap(({ error }) => error?.message ?? []),
        [],
      );
      assert.deepEqual(folder.texts(), { ...has, ...fixed });
      if (before) assert.equal(folder.config(), before);
    });
  });
}
