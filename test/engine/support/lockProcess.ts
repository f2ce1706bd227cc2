// A process that takes a lock, says so, and gives it back when its standard input ends. Its arguments: key and holder.
import { takeLock } from '../../../src/core/common/lock';

async function main([key = '', holder = '']: readonly string[]): Promise<void> {
  const lock = await takeLock(key, holder, {
    signal: new AbortController().signal,
    onWait: (other) => console.log(`waits for ${other}`),
  });
  console.log('has it');
  process.stdin.resume().once('end', () => lock.dispose());
}

void main(process.argv.slice(2));
