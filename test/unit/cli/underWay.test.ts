import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { underWay } from '../../../src/cli/commands/underWay';
import type { Channel, Output } from '../../../src/cli/output';
import { plainStyle } from '../../../src/cli/rendering/style';

/** What is written to standard error while something takes 2 s. */
async function shown(isTerminal: boolean): Promise<readonly string[]> {
  const written: string[] = [];
  const write = (text: string) => void written.push(text);
  const channel: Channel = { isTerminal, columns: 80, rows: 24, hasColours: false, style: plainStyle, write };
  const output: Output = { out: { ...channel, write: () => assert.fail() }, err: channel };
  const done = await underWay({ output }, 'Looking', async () => {
    mock.timers.tick(2_000);
    return 'done';
  });
  assert.equal(done, 'done');
  return written;
}

describe('what is under way', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setInterval'] }));
  afterEach(() => mock.timers.reset());

  it('is shown on a terminal once it takes longer than a second, and goes when it is done', async () => {
    const written = await shown(true);
    assert.match(written[0] ?? '', /^Looking … \d+\.\d s\n$/);
    assert.equal(written.at(-1), '\x1b[1A\r\x1b[J');
  });

  it('is not shown where nobody looks', async () => assert.deepEqual(await shown(false), []));
});
