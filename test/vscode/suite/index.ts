import { runMocha } from '../../support/mochaRun';

/**
 * What VS Code calls in its extension host: runs the tests beside this file.
 * @throws when any of them fails.
 */
export async function run(): Promise<void> {
  const { failures } = await runMocha(__dirname, 60_000);
  if (failures.length > 0) throw new Error(`${failures.length} failed`);
}
