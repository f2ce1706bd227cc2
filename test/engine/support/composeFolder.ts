import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { run, runOrFail } from '../../support/processes';
import { removeFolder, temporaryFolder } from '../../support/temporary';

/** A service that does nothing until it is told to stop, with a health check that a test can break ({@link ComposeFolder.setHealth}). */
export const IDLE = 'image: berth/idle:1\n    stop_grace_period: 3s';
export const IDLE_WITH_HEALTH = `${IDLE}
    healthcheck: { test: ["CMD", "health"], interval: 1s, timeout: 5s, retries: 1 }`;

/** The names of all projects that folders of this process have had, which no project of anybody else has. */
export const projectsMade = new Set<string>();

/**
 * A folder with compose files of its own, and projects of its own on the engine. Disposing of it removes the folder and
 * everything that the engine has of those projects, by their exact names.
 */
export class ComposeFolder {
  readonly folder: string;
  /** The project's name, as nobody else has it; other projects of this folder begin with it. */
  readonly project: string;
  private readonly projects: Set<string>;

  /**
   * @param files text by file name; `PROJECT` in it stands for {@link project}.
   * @param dockerHost the engine to use instead of the one under test.
   */
  constructor(
    name: string,
    files: Readonly<Record<string, string>>,
    private readonly dockerHost?: string,
  ) {
    this.folder = temporaryFolder(name);
    this.project = `berth-${name}-${randomBytes(3).toString('hex')}`;
    this.projects = new Set();
    this.owns(this.project);
    for (const [file, text] of Object.entries(files)) this.write(file, text);
  }

  path(file: string): string {
    return path.join(this.folder, file);
  }

  write(file: string, text: string): void {
    fs.mkdirSync(path.dirname(this.path(file)), { recursive: true });
    fs.writeFileSync(this.path(file), text.replaceAll('PROJECT', this.project));
  }

  read(file: string): string {
    return fs.readFileSync(this.path(file), 'utf8');
  }

  /** Takes a further project into what is removed at the end. */
  owns(...projects: string[]): void {
    for (const project of projects) {
      this.projects.add(project);
      projectsMade.add(project);
    }
  }

  /** Runs the docker command line, as somebody else in a terminal would. @returns its standard output. */
  docker(...args: string[]): Promise<string> {
    return runOrFail('docker', args, { cwd: this.folder, env: this.env });
  }

  /** Runs `docker compose` on this folder's main project. */
  compose(...args: string[]): Promise<string> {
    return this.docker('compose', '--project-name', this.project, ...args);
  }

  /** The first container of a service. */
  container(service: string, project = this.project): string {
    return `${project}-${service}-1`;
  }

  /** Breaks a container's health check, with a text that it then prints; or mends it. */
  async setHealth(service: string, complaint?: string): Promise<void> {
    const args = complaint ? ['sh', '-c', 'echo "$0" >/tmp/unhealthy', complaint] : ['rm', '-f', '/tmp/unhealthy'];
    await this.docker('exec', this.container(service), ...args);
  }

  async dispose(): Promise<void> {
    // From a folder without compose files, so that it works by labels alone, whatever a test did to the files.
    const call = ['down', '--volumes', '--remove-orphans', '--timeout', '1'];
    for (const project of this.projects) {
      await run('docker', ['compose', '--project-name', project, ...call], { cwd: '/', env: this.env });
      await this.removeImages(project);
    }
    removeFolder(this.folder);
  }

  /** Removes what was built for a project, also what another build has taken the name from. */
  private async removeImages(project: string): Promise<void> {
    const ofProject = ['--filter', `label=com.docker.compose.project=${project}`];
    const { stdout } = await run('docker', ['image', 'ls', '--quiet', ...ofProject], { env: this.env });
    const images = stdout.split('\n').filter(Boolean);
    if (images.length > 0) await run('docker', ['image', 'rm', '--force', ...images], { env: this.env });
  }

  /** What to set for programs that should use its engine. */
  get env(): NodeJS.ProcessEnv {
    return this.dockerHost === undefined ? {} : { DOCKER_HOST: this.dockerHost };
  }
}
