import assert from 'node:assert/strict';
import fs from 'node:fs';
import { runOrFail } from '../../support/processes';
import { BerthCommand, berth, berthOnTerminal, type CommandOptions, type CommandResult } from './berthCommand';
import { ComposeFolder, IDLE_WITH_HEALTH } from './composeFolder';

/** A service that is healthy a second after its start, with a volume. */
const WEB = `  web:\n    ${IDLE_WITH_HEALTH.replace('3s', '1s')}\n    volumes: [data:/data]\n`;

export interface TestRunFiles {
  /** Service by service, as they stand in `compose.test.yaml`, over those of the development environment; none when left out. */
  readonly test?: string;
  /** What stands in `berth.yaml` of the environment `test`, besides its files: by default without commands. */
  readonly declared: string;
  /** Further files. */
  readonly others?: Readonly<Record<string, string>>;
}

/** What the engine has of one project, by name. */
export interface Holdings {
  readonly containers: readonly string[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
}

export const NOTHING: Holdings = { containers: [], networks: [], volumes: [] };

/**
 * A workspace with a development environment `dev` that runs, and an environment `test` beside it, to be used by `berth test`.
 * {@link ended} holds after each run that nothing of it is left, and that `dev` has noticed nothing.
 */
export class TestRunFolder {
  /** The project of the environment `test`. */
  readonly project: string;
  private devBefore = '';

  private constructor(readonly folder: ComposeFolder) {
    this.project = `${folder.project}-test`;
    folder.owns(this.project, `${this.project}-2`);
  }

  /** Makes the workspace, and brings `dev` up, as somebody in a terminal would. */
  static async open(name: string, files: TestRunFiles, dockerHost?: string): Promise<TestRunFolder> {
    const opened = new TestRunFolder(
      new ComposeFolder(
        name,
        { 'compose.yaml': `name: PROJECT\nservices:\n${WEB}volumes: { data: }\n`, ...files.others },
        dockerHost,
      ),
    );
    opened.declare(files);
    await opened.folder.compose('--file', 'compose.yaml', 'up', '--detach', '--wait');
    opened.devBefore = await opened.dev();
    return opened;
  }

  /** Has the environment `test` be another one from now on. */
  declare({ test = '  web: {}\n', declared }: TestRunFiles): void {
    this.folder.write('compose.test.yaml', `services:\n${test}`);
    const text = `environments:\n  dev: { files: [compose.yaml] }\n  test:\n    files: [compose.yaml, compose.test.yaml]\n`;
    this.folder.write('berth.yaml', `${text}${declared.replace(/^(?=.)/gm, '    ')}`);
  }

  /** `berth test …` under way. */
  start(args: readonly string[] = [], options: Partial<CommandOptions> = {}): BerthCommand {
    return new BerthCommand(['test', ...args], { ...this.options, ...options });
  }

  /** `berth test …` under way on a terminal of its own; see `berthOnTerminal`. */
  startOnTerminal(args: readonly string[] = []): BerthCommand {
    const { cwd, env } = this.options;
    return berthOnTerminal(['test', ...args], { cwd, env });
  }

  /** Runs `berth test …` to its end. */
  run(args: readonly string[] = [], options: Partial<CommandOptions> = {}): Promise<CommandResult> {
    return berth(['test', ...args], { ...this.options, ...options });
  }

  /** Holds that a run ended with that exit code, that nothing of it is left, and that `dev` runs as before. */
  async ended(result: CommandResult | Promise<CommandResult>, exitCode: number): Promise<CommandResult> {
    const ended = await result;
    assert.equal(ended.exitCode, exitCode, `${ended.stdout}${ended.stderr}`);
    assert.deepEqual(await this.holdings(), NOTHING, `Something of the run is left.\n${ended.stderr}`);
    await this.assertDevUntouched();
    return ended;
  }

  /** Holds that the containers of `dev` are those of before, and were never started again. */
  async assertDevUntouched(): Promise<void> {
    assert.equal(await this.dev(), this.devBefore, 'the development environment was touched');
  }

  /** What the engine has of a project. */
  async holdings(project = this.project): Promise<Holdings> {
    const list = async (...call: string[]) => {
      const filter = `label=com.docker.compose.project=${project}`;
      return (await this.folder.docker(...call, '--filter', filter)).split('\n').filter(Boolean).sort();
    };
    const [containers, networks, volumes] = await Promise.all([
      list('ps', '--all', '--format', '{{.Names}}'),
      list('network', 'ls', '--format', '{{.Name}}'),
      list('volume', 'ls', '--quiet'),
    ]);
    return { containers, networks, volumes };
  }

  /** The folders of `.berth/runs`, oldest first, as absolute paths. */
  runFolders(): readonly string[] {
    const runs = this.folder.path('.berth/runs');
    if (!fs.existsSync(runs)) return [];
    return fs
      .readdirSync(runs)
      .sort()
      .map((name) => `${runs}/${name}`);
  }

  /** Waits for the first event of the engine about the project, of those that a filter lets through. */
  async untilEngine(event: string, action: () => unknown): Promise<void> {
    const abort = new AbortController();
    const since = String(Date.now() / 1000);
    const filters = [`event=${event}`, `label=com.docker.compose.project=${this.project}`].flatMap((one) => [
      '--filter',
      one,
    ]);
    const heard = new Promise<void>((resolve, reject) => {
      const options = { signal: abort.signal, onLine: () => resolve(), env: this.options.env };
      runOrFail('docker', ['events', '--since', since, ...filters], options).catch(reject);
    });
    try {
      await action();
      await heard;
    } finally {
      abort.abort();
      await heard.catch(() => {});
    }
  }

  dispose(): Promise<void> {
    return this.folder.dispose();
  }

  private dev(): Promise<string> {
    const { folder } = this;
    return folder.docker(
      'inspect',
      '--format',
      '{{.Id}} {{.State.StartedAt}} {{.RestartCount}}',
      folder.container('web'),
    );
  }

  private get options(): CommandOptions {
    // Whoever runs these tests may do so on CI.
    return { cwd: this.folder.folder, env: { CI: undefined, ...this.folder.env }, input: '' };
  }
}
