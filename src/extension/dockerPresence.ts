import { Emitter } from '../core/common/event';
import { isDockerInstalled } from '../core/compose/compose';

/** Whether the docker command line is installed: looked for when asked to, on the PATH, without running it. */
export class DockerPresence {
  private readonly emitter = new Emitter<void>();
  private installed = isDockerInstalled();

  readonly onDidChange = this.emitter.event;

  get isInstalled(): boolean {
    return this.installed;
  }

  /** Looks again. */
  check(): void {
    const before = this.installed;
    this.installed = isDockerInstalled();
    if (this.installed !== before) this.emitter.fire();
  }
}
