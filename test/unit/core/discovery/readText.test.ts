import assert from 'node:assert/strict';
import { isOnOtherMachine } from '../../../../src/core/common/paths';
import { readText } from '../../../../src/core/discovery/readText';

describe('a path in a text', () => {
  it('that leads to another machine is told, and not looked at', async () => {
    const cases: readonly [file: string, folder: string, expected: boolean][] = [
      ['\\\\evil\\share\\compose.yaml', 'C:\\repo', true],
      ['//evil/share/compose.yaml', 'C:\\repo', true],
      ['\\\\nas\\repo\\compose.yaml', '\\\\NAS\\repo', false],
      ['\\\\evil\\repo\\compose.yaml', '\\\\nas\\repo', true],
      ['C:\\repo\\compose.yaml', '\\\\nas\\repo', false],
      ['/repo/compose.yaml', '/repo', false],
    ];
    for (const [file, folder, expected] of cases) assert.equal(isOnOtherMachine(file, folder), expected, file);
    await assert.rejects(readText('\\\\evil\\share\\compose.yaml', '/repo'), /it is on another machine/);
  });
});
