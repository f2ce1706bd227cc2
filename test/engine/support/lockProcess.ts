// A process that takes a lock, says so, and gives it back when its standard input ends. Its arguments: key, holder, and how many files
// it opens after that: when it is killed, the system closes them between what who waits was told by, and the lock.
import fs from 'node:fs';
import { takeLock } from '../../../src/core/common/lock';

async function main([key = '', holder = '', files = '0']: readonly string[]): Promise<void> {
  const lock = await takeLock(key, holder, {
    signal: new AbortController().signal,
    onWait: (other) => console.log(`waits for ${other}`),
  });
  for (let file = 0; file < Number(files); file++) fs.openSync(__filename, 'r');
  console.log('has it');
  process.stdin.resume().once('end', () => lock.dispose());
}

void main(process.argv.slice(2));
