import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { exited, runOrFail } from '../../support/processes';
import { projectsMade } from './composeFolder';

const PROJECT = 'com.docker.compose.project';
/** What the engine calls a volume that nobody named. */
const NAMELESS = /^[0-9a-f]{64}$/;

/** The part of the engine's events that tells whose a volume without a name is. */
interface EngineEvent {
  readonly Type: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
}

/**
 * Has all tests of a stage fail in the end when they have left something on the engine: containers, networks, volumes and
 * images of the projects that they made. What others do there meanwhile is left out of it. To be called outside of any `describe`.
 */
export function failOnLeftovers(): void {
  let events: ChildProcess | undefined;
  /** Project by container; then, who tells no project themselves, container by volume. */
  const projectOf = new Map<string, string>();
  const containerOf = new Map<string, string>();

  before('watches what is made on the engine', () => {
    const since = String(Date.now() / 1000);
    const filters = ['type=container', 'type=volume', 'event=create', 'event=mount'].flatMap((one) => [
      '--filter',
      one,
    ]);
    events = spawn('docker', ['events', '--since', since, ...filters, '--format', '{{json .}}'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    assert.ok(events.stdout);
    createInterface(events.stdout).on('line', (line) => {
      const { Type, Actor }: EngineEvent = JSON.parse(line);
      if (Type === 'container') projectOf.set(Actor.ID, Actor.Attributes[PROJECT] ?? '');
      else if (Actor.Attributes.container) containerOf.set(Actor.ID, Actor.Attributes.container);
    });
  });

  after('has left nothing on the engine', async () => {
    assert.ok(events);
    assert.equal(events.exitCode, null, 'the engine must have been watched to the end');
    events.kill();
    await exited(events);
    const nameless = (name: string) => projectOf.get(containerOf.get(name) ?? '');
    assert.deepEqual(await leftovers(nameless), [], 'Tests have left this on the engine.');
  });
}

/**
 * @param nameless tells whose a volume without a name is.
 * @returns `volume 4c1e… of berth-more-77aa01` of each thing that is there.
 */
async function leftovers(nameless: (volume: string) => string | undefined): Promise<string[]> {
  const found: string[] = [];
  const add = (kind: string, name: string, project: string | undefined) => {
    const owner = [...projectsMade].find((one) => project === one || name.startsWith(one));
    if (owner !== undefined) found.push(`${kind} ${name} of ${owner}`);
  };
  const columns = ['--format', `{{.Name}}\t{{.Label "${PROJECT}"}}`];
  const calls = {
    container: ['ps', '--all', '--format', `{{.Names}}\t{{.Label "${PROJECT}"}}`],
    network: ['network', 'ls', ...columns],
    volume: ['volume', 'ls', ...columns],
  };
  for (const [kind, call] of Object.entries(calls)) {
    for (const [name = '', project] of await rows(call)) {
      add(kind, name, NAMELESS.test(name) ? nameless(name) : project);
    }
  }
  const images = await rows(['image', 'ls', '--quiet', '--no-trunc', '--filter', `label=${PROJECT}`]);
  for (const [id = ''] of images) {
    const [labels] = await rows(['image', 'inspect', '--format', `{{index .Config.Labels "${PROJECT}"}}`, id]);
    add('image', id, labels?.[0]);
  }
  return found;
}

async function rows(call: readonly string[]): Promise<string[][]> {
  const text = await runOrFail('docker', call);
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t'));
}
