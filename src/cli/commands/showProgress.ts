import type { OperationName } from '../../core/compose/operationCalls';
import type { Health } from '../../core/model/health';
import type { EnvironmentSnapshot } from '../../core/model/snapshot';
import type { OperationProgress } from '../../core/operations/operation';
import { cleanOutput } from '../rendering/errors';
import { healthText } from '../rendering/health';
import { LiveRegion } from '../rendering/liveRegion';
import { progressLines, secondsText, servicesShown } from '../rendering/progress';
import type { CommandContext } from './command';

/** How often the seconds on a terminal go on, in milliseconds. */
const TICK = 1_000;

/** Shows an operation on its way, on standard error. */
export interface ProgressView {
  readonly tell: (progress: OperationProgress) => void;
  /** Leaves what was shown last standing. */
  end(): void;
}

/** On a terminal a line for each service, drawn anew in place; elsewhere a line for each change. */
export function showProgress(
  operation: OperationName,
  environment: EnvironmentSnapshot,
  services: readonly string[],
  context: CommandContext,
): ProgressView {
  const display = context.output.err.isTerminal
    ? new LiveDisplay(operation, environment, services, context)
    : new PlainDisplay(context);
  const { signal } = context;
  const onAbort = () => display.note('Cancelling … (Ctrl-C again ends it at once)');
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort);
  return {
    tell: (progress) => {
      if (progress.kind === 'service') display.service(progress.service, progress.health);
      else if (progress.kind === 'output') display.output(cleanOutput(progress.line));
      else display.note(`Another operation on ${environment.definition.name} goes first.`);
    },
    end: () => {
      signal.removeEventListener('abort', onAbort);
      display.end();
    },
  };
}

interface Display {
  service(name: string, health: Health): void;
  /** A line of Compose's own output. */
  output(line: string): void;
  note(text: string): void;
  end(): void;
}

class PlainDisplay implements Display {
  private readonly began = performance.now();

  constructor(private readonly context: CommandContext) {}

  service(name: string, health: Health): void {
    this.note(`${name}: ${healthText(health)} (${secondsText(performance.now() - this.began)})`);
  }

  output(line: string): void {
    if (this.context.options.verbose) this.note(line);
  }

  note(text: string): void {
    this.context.output.err.write(`${text}\n`);
  }

  end(): void {}
}

class LiveDisplay implements Display {
  private readonly began = performance.now();
  private readonly changedAt = new Map<string, number>();
  private readonly region: LiveRegion;
  private readonly timer = setInterval(() => this.draw(), TICK);
  private lastLine = '';

  constructor(
    private readonly operation: OperationName,
    private readonly environment: EnvironmentSnapshot,
    private readonly services: readonly string[],
    private readonly context: CommandContext,
  ) {
    this.region = new LiveRegion(context.output.err);
    this.draw();
  }

  service(name: string): void {
    this.changedAt.set(name, performance.now() - this.began);
    this.draw();
  }

  output(line: string): void {
    const dim = this.context.output.err.style('dim', `  ${line}`);
    if (this.context.options.verbose) this.note(dim);
    else this.lastLine = dim;
    this.draw();
  }

  note(text: string): void {
    this.region.printAbove(text);
  }

  end(): void {
    clearInterval(this.timer);
    this.lastLine = '';
    this.draw();
  }

  private draw(): void {
    const { berth, output } = this.context;
    const current = berth.store.environments.find(({ definition }) => definition.id === this.environment.definition.id);
    const shown = servicesShown(current, this.services);
    const elapsed = performance.now() - this.began;
    const lines = progressLines(this.operation, shown, this.changedAt, elapsed, output.err.style);
    this.region.draw(this.lastLine ? [...lines, this.lastLine] : lines);
  }
}
