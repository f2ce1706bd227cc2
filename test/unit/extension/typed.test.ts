import assert from 'node:assert/strict';
import { commandWords } from '../../../src/core/common/commandWords';
import {
  changedPart,
  isContainerPath,
  isTime,
  numberOfContainers,
  numberOfLines,
  typedArguments,
} from '../../../src/extension/commands/typed';

describe('what is typed', () => {
  it('can be arguments, in quotes where they have blanks', () => {
    assert.deepEqual(typedArguments(' -k "log in"  --name=\'a "b"\' x""'), ['-k', 'log in', '--name=a "b"', 'x']);
    assert.deepEqual([typedArguments(''), typedArguments('""')], [[], ['']]);
    assert.deepEqual([typedArguments('-k "log'), typedArguments("it's")], [undefined, undefined]);
  });

  it('is a number of containers, or none', () => {
    assert.deepEqual(['0', ' 3 ', '100', '101', '-1', '1.5', '', 'two', '0x2', '1e1'].map(numberOfContainers), [
      0,
      3,
      100,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is a number of lines, or all', () => {
    assert.deepEqual(['0', '500', ' all ', 'All', '', '-5'].map(numberOfLines), [0, 500, 'all', ...Array(3)]);
  });

  it('is a time as Docker understands it', () => {
    const times = [
      '10m',
      '1h30m',
      '1.5h',
      '2026-01-31',
      '2026-01-31T09:30',
      '2026-01-31T09:30:00Z',
      '2026-01-31T09:30:00+01:00',
    ];
    assert.deepEqual(
      times.filter((time) => !isTime(time)),
      [],
    );
    const others = ['', 'yesterday', '10', '10 m', '31.1.2026', '--follow', '2026-01-31 09:30'];
    assert.deepEqual(others.filter(isTime), []);
  });

  it('is a command: words as they are, or something for a shell in the container', () => {
    assert.deepEqual(commandWords(' ls  -la /tmp '), ['ls', '-la', '/tmp']);
    assert.deepEqual(commandWords('dd if=/a of=/b'), ['dd', 'if=/a', 'of=/b']);
    assert.deepEqual(commandWords('MODE=1 npm test'), ['sh', '-c', 'MODE=1 npm test']);
    for (const text of ['echo "a b"', 'ls *.sql', 'echo $HOME', 'a | b', 'a; b', "echo 'x'", 'cd ~', 'a && b']) {
      assert.deepEqual(commandWords(text), ['sh', '-c', text]);
    }
  });

  it('is a path in a container', () => {
    assert.deepEqual(['/etc', ' /etc', 'etc', ''].map(isContainerPath), [true, true, false, false]);
  });
});

describe('what changes in a text', () => {
  it('is as little as possible', () => {
    assert.deepEqual(changedPart('a b c', 'a x c'), { start: 2, end: 3, by: 'x' });
    assert.deepEqual(changedPart('aa', 'aaa'), { start: 2, end: 2, by: 'a' });
    assert.deepEqual(changedPart('aaa', 'aa'), { start: 2, end: 3, by: '' });
    assert.deepEqual(changedPart('', 'b'), { start: 0, end: 0, by: 'b' });
    assert.deepEqual(changedPart('same', 'same'), { start: 4, end: 4, by: '' });
  });
});
