import { type Berth, createBerth } from '../../src/core/berth';
import { silentLog } from '../../src/core/common/log';
import type { EngineFeed } from '../../src/core/engine/engineFeed';
import { parseListed } from '../../src/core/engine/messages';
import type { Container } from '../../src/core/model/container';
import { ComposeFolder, IDLE, IDLE_WITH_HEALTH } from '../engine/support/composeFolder';
import { askEngine, setVariables } from '../engine/support/engineApi';
import { BenchError } from '../support/errors';
import { idleImage } from '../support/images';
import { type SecondEngine, startSecondEngine } from '../support/secondEngine';

const BASE = `name: PROJECT
services:
  store:
    ${IDLE_WITH_HEALTH}
    volumes: ["data:/data"]
  tool:
    ${IDLE}
    profiles: [tools]
  web:
    ${IDLE_WITH_HEALTH}
    depends_on: [store]
  worker:
    ${IDLE}
    restart: always
volumes:
  data:
`;
const OVERLAYS = { dev: 'compose.override.yaml', test: 'compose.test.yaml', ci: 'compose.ci.yaml' } as const;
const overlay = (name: string) => `services:\n  worker:\n    environment: { ENVIRONMENT: ${name} }\n`;

/** The environments of the soak. */
export const ENVIRONMENTS = ['dev', 'test', 'ci'] as const;
export type EnvironmentName = (typeof ENVIRONMENTS)[number];
export const SERVICES = ['store', 'tool', 'web', 'worker'] as const;

/** How long what is shown may differ from what the engine says while nothing is done, in milliseconds: a check after a pause takes up to 30 s. */
const PATIENCE = 45_000;

/** Three environments, an engine of their own, and core, which looks at them. */
export class Harbour {
  readonly broken = new Set<EnvironmentName>();

  private constructor(
    readonly engine: SecondEngine,
    readonly folder: ComposeFolder,
    readonly berth: Berth,
    private readonly restore: () => void,
  ) {}

  static async open(signal: AbortSignal): Promise<Harbour> {
    const image = await idleImage(signal);
    const engine = await startSecondEngine();
    await engine.load(image);
    const restore = setVariables(engine.environment);
    const files = Object.entries(OVERLAYS).map(([name, file]) => [file, overlay(name)]);
    const folder = new ComposeFolder('soak', { 'compose.yaml': BASE, ...Object.fromEntries(files) });
    folder.owns(`${folder.project}-test`, `${folder.project}-ci`);
    const berth = createBerth(silentLog, 'soak');
    await berth.store.setScope({ workspaceFolders: [folder.folder], trusted: true });
    await berth.store.whenResolved();
    await berth.feedFor(undefined).whenConnected(signal);
    return new Harbour(engine, folder, berth, restore);
  }

  get feed(): EngineFeed {
    return this.berth.feedFor(undefined);
  }

  environment(name: EnvironmentName) {
    const found = this.berth.store.environments.find(({ definition }) => definition.name === name);
    if (!found) throw new BenchError(`Environment ${name} is gone.`);
    return found;
  }

  projectOf(name: EnvironmentName): string {
    return name === 'dev' ? this.folder.project : `${this.folder.project}-${name}`;
  }

  /** Breaks or mends the file that one environment alone has. */
  async setBroken(name: EnvironmentName, broken: boolean): Promise<void> {
    if (broken) this.broken.add(name);
    else this.broken.delete(name);
    this.folder.write(OVERLAYS[name], broken ? 'services: [no list]\n' : overlay(name));
    await this.berth.store.filesChanged([this.folder.path(OVERLAYS[name])]);
  }

  /** The containers as the engine lists them, past all code under test but the reading of one entry. */
  async listed(): Promise<readonly Container[]> {
    const { body } = await askEngine(this.engine.socketPath, 'GET', '/containers/json?all=1');
    const entries: unknown[] = JSON.parse(body);
    return entries.map(parseListed).filter((container) => container !== undefined);
  }

  /**
   * Waits until what is shown is what the engine says, with nothing under way.
   * @throws {@link BenchError} with both when they stay different.
   */
  async agrees(): Promise<void> {
    await this.feed.whenConnected(AbortSignal.timeout(PATIENCE));
    await this.berth.store.whenResolved();
    for (const end = performance.now() + PATIENCE; ; ) {
      const [shown, said] = [this.shown(), (await this.listed()).map(describe).sort()];
      if (JSON.stringify(shown) === JSON.stringify(said)) break;
      if (performance.now() > end) {
        throw new BenchError(
          `What is shown is not what is.\nShown:\n  ${shown.join('\n  ')}\nIs:\n  ${said.join('\n  ')}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    for (const name of ENVIRONMENTS) {
      const { kind } = this.environment(name).resolution;
      const expected = this.broken.has(name) ? 'broken' : 'resolved';
      if (kind !== expected) throw new BenchError(`The files of ${name} are ${expected}, but shown as ${kind}.`);
    }
  }

  /** What the environments show, container by container. */
  private shown(): readonly string[] {
    const containers = this.berth.store.environments.flatMap(({ services }) =>
      services.flatMap((service) => service.containers),
    );
    return containers.map(describe).sort();
  }

  async dispose(): Promise<void> {
    this.berth.dispose();
    await this.folder.dispose();
    this.restore();
    await this.engine.dispose();
  }
}

/** What a list and the events can agree on. */
function describe({ name, state, healthCheck }: Container): string {
  return `${name} ${state} ${state === 'running' ? healthCheck : ''}`.trimEnd();
}
