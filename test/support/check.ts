import path from 'node:path';
import { packageCommand, translatedTests } from './paths';
import { runInView } from './processes';
import { program } from './program';
import { duration, headline, say } from './steps';

/** What has to be right before each commit: `npm run check`. Stops at the first that is not. */
export const main = program(async (_args, signal) => {
  const checks: [name: string, script: string, ...args: string[]][] = [
    ['types', packageCommand('typescript', 'tsc'), '--noEmit'],
    ['lint and format', packageCommand('@biomejs/biome', 'biome'), 'check', '.'],
    ['dead code', packageCommand('knip')],
    ['unit tests', path.join(__dirname, 'mochaStage.js'), path.join(translatedTests, 'unit'), '5000'],
  ];
  for (const [name, ...call] of checks) {
    headline(name);
    const started = performance.now();
    const exitCode = await runInView(process.execPath, ['--enable-source-maps', ...call], { signal });
    say(`${exitCode === 0 ? '✔' : '✘'} ${name} (${duration(started)})`);
    if (exitCode !== 0) return 1;
  }
  return 0;
});
