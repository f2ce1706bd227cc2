import assert from 'node:assert/strict';
import path from 'node:path';
import type { ActionFix } from '../../../src/core/findings/fixActions';
import type { EditFix } from '../../../src/core/findings/fixing';
import type { LiveChecked, LiveOptions } from '../../../src/core/findings/liveFindings';
import type { Finding, Fix } from '../../../src/core/model/finding';
import type { FindingCode } from '../../../src/core/model/findingCodes';
import { ComposeFolder } from './composeFolder';
import { OperatedFolder } from './operations';

/** A folder whose environments are looked at on the engine, with the fixes done for real. */
export class LiveFolder {
  private constructor(
    readonly folder: ComposeFolder,
    readonly core: OperatedFolder,
  ) {}

  /** @param files as {@link ComposeFolder} takes them. */
  static async open(files: Readonly<Record<string, string>>): Promise<LiveFolder> {
    const folder = new ComposeFolder('live', files);
    return new LiveFolder(folder, await OperatedFolder.open(folder));
  }

  /** Looks at all its environments, with the files as they are now. */
  async check(options: LiveOptions = {}): Promise<LiveChecked> {
    const { store, liveFindings } = this.core.berth;
    await store.filesChanged();
    const ids = store.environments.map(({ definition }) => definition.id);
    return liveFindings.check(ids, new AbortController().signal, options);
  }

  /** The findings of a code. */
  async found(code: FindingCode, options?: LiveOptions): Promise<readonly Finding[]> {
    return (await this.check(options)).findings.filter((finding) => finding.code === code);
  }

  /** The one finding of a code. */
  async only(code: FindingCode, options?: LiveOptions): Promise<Finding> {
    const [first, ...others] = await this.found(code, options);
    assert.ok(first, `nothing is found of ${code}`);
    assert.deepEqual(others, []);
    return first;
  }

  /** `compose.yaml:4:9` */
  placesOf({ places }: Finding): readonly string[] {
    return places.map(({ file, line, column }) => `${path.relative(this.folder.folder, file)}:${line}:${column}`);
  }

  /**
   * Does a fix of a finding: changes files where Compose accepts that, or does what it says.
   * @param title of the fix that is meant; of several of a kind the first when left out.
   */
  async fix(finding: Finding, kind: Fix['kind'], title?: string): Promise<void> {
    const { fixing, fixActions } = this.core.berth;
    const checked = await this.check({ codes: [finding.code] });
    const fix = (await fixing.offered(finding, checked)).find(
      (one) => one.kind === kind && (title === undefined || one.title === title),
    );
    assert.ok(fix, `no such fix is offered: ${title ?? kind}`);
    if (fix.kind !== 'edit') return fixActions.run(fix as ActionFix, new AbortController().signal);
    const proposal = await fixing.proposal([[finding, fix as EditFix]], checked);
    assert.ok(proposal);
    await fixing.write(proposal, checked);
  }

  async dispose(): Promise<void> {
    this.core.dispose();
    await this.folder.dispose();
  }
}
