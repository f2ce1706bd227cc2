import assert from 'node:assert/strict';
import { Emitter, waitFor } from '../../../src/core/common/event';
import type { Checked } from '../../../src/core/findings/findings';
import type { LiveChecked } from '../../../src/core/findings/liveFindings';
import type { Finding } from '../../../src/core/model/finding';
import { WorkspaceFindings } from '../../../src/extension/checks/workspaceFindings';
import { environment } from '../cli/examples';

function finding(message: string, severity: Finding['severity'], code: Finding['code'] = 'same-port'): Finding {
  return { code, severity, message, remedy: '', environments: [], places: [], fixes: [] };
}

describe('findings of a workspace', () => {
  const facts = {} as LiveChecked['facts'];
  const ofFiles = finding('Both publish 5432.', 'warning');
  const taken = finding('Port 5432 is taken.', 'error', 'port-taken');
  const saved: Checked = { findings: [ofFiles], facts };
  const live: LiveChecked = { findings: [taken], facts, notes: ['dev: could not be looked at.'] };
  const signal = new AbortController().signal;

  /** Answers of the engine that a test gives when it wants to. */
  class Answers {
    private readonly waiting: ((checked: LiveChecked) => void)[] = [];
    private readonly grown = new Emitter<void>();

    ask(): Promise<LiveChecked> {
      return new Promise((resolve) => {
        this.waiting.push(resolve);
        this.grown.fire();
      });
    }

    /** Resolves when so many have been asked for. */
    async asked(count: number): Promise<void> {
      await waitFor(this.grown.event, () => this.waiting.length >= count || undefined, signal);
    }

    answer(checked: LiveChecked, index = 0): void {
      this.waiting[index]?.(checked);
    }
  }

  function make({ isTrusted = true, isHeld = false } = {}) {
    const answers = new Answers();
    const changed = new Emitter<void>();
    const read = new Emitter<void>();
    const asked: string[] = [];
    const store = { environments: [environment('dev'), environment('test')], isTrusted, onDidRead: read.event };
    const findings = { checked: saved, all: saved.findings, onDidChange: changed.event, refresh: async () => saved };
    const liveFindings = {
      check: async (ids: readonly string[]) => {
        asked.push(...ids);
        return isHeld ? answers.ask() : live;
      },
    };
    const all = new WorkspaceFindings(findings, liveFindings, store);
    const told = { times: 0 };
    all.onDidChange(() => {
      told.times += 1;
    });
    return { all, changed, read, asked, told, answers };
  }

  it('are those of the files, and with them what was found when somebody asked, the worst first', async () => {
    const { all, asked, told } = make();
    assert.deepEqual(all.all, [ofFiles]);
    assert.deepEqual(await all.look(signal), live.notes);
    assert.deepEqual(all.all, [taken, ofFiles]);
    assert.equal(asked.length, 2);
    assert.equal(told.times, 1);
    assert.equal(all.lookOf(taken), live);
    assert.equal(all.lookOf(ofFiles), saved);
  });

  it('are without what was of its moment once files are read anew', async () => {
    const { all, read, told } = make();
    await all.look(signal);
    read.fire();
    assert.deepEqual(all.all, [ofFiles]);
    read.fire();
    assert.equal(told.times, 2);
  });

  it('are without what was told of files that were read anew meanwhile', async () => {
    const { all, read, answers } = make({ isHeld: true });
    const looking = all.look(signal);
    await answers.asked(1);
    read.fire();
    answers.answer(live);
    assert.match((await looking).join(), /^Files changed meanwhile/);
    assert.deepEqual(all.all, [ofFiles]);
  });

  it('are those of the later look where an earlier one ends after it', async () => {
    const { all, answers } = make({ isHeld: true });
    const earlier = all.look(signal);
    await answers.asked(1);
    const later = all.look(signal);
    await answers.asked(2);
    const free: LiveChecked = { findings: [], facts, notes: [] };
    answers.answer(free, 1);
    assert.deepEqual(await later, []);
    answers.answer(live, 0);
    assert.deepEqual(await earlier, []);
    assert.deepEqual(all.all, [ofFiles]);
  });

  it('are those of the files alone where nothing may be run', async () => {
    const { all, asked } = make({ isTrusted: false });
    assert.deepEqual(await all.look(signal), []);
    assert.deepEqual(asked, []);
  });
});
