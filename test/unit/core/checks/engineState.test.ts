import assert from 'node:assert/strict';
import { engineState } from '../../../../src/core/checks/live/engineState';
import type { LiveFacts } from '../../../../src/core/checks/live/liveCheck';
import { definition } from '../support/examples';

const GB = 1024 ** 3;

/** What is told of an engine with so much room, in bytes. */
function toldOf(freeSpace: number | undefined): readonly string[] {
  const live = [{ checked: { definition: definition() }, engine: { freeSpace } }];
  return [...engineState.find({ live } as unknown as LiveFacts, () => false)].map(
    ({ code, message }) => `${code}: ${message}`,
  );
}

describe('the room on the disk of an engine', () => {
  it('is little below 2 GB, and all right from there on and where nobody knows', () => {
    assert.deepEqual(toldOf(1.5 * GB), ['low-disk: On the disk of the Docker engine, 1.6 GB are left.']);
    assert.deepEqual(toldOf(2 * GB - 1).length, 1);
    assert.deepEqual(toldOf(0).length, 1);
    assert.deepEqual([...toldOf(2 * GB), ...toldOf(undefined)], []);
  });
});
