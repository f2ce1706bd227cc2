import type { OperationName } from '../../core/compose/operationCalls';
import type { Health } from '../../core/model/health';
import { aimOf, concernedBy, type OperationProgress } from '../../core/operations/operation';
import { cleanOutput } from '../rendering/errors';
import { healthText } from '../rendering/health';
import { LiveRegion } from '../rendering/liveRegion';
import { progressLines, secondsText, underWayText } from '../rendering/progress';
import type { CommandContext } from './command';
import type { Task } from './operate';

/** How often the seconds on a terminal go on, in milliseconds. */
const TICK = 1_000;

/** Shows an operation on its way, on standard error. */
export interface ProgressView {
  tell(task: Task, progress: OperationProgress): void;
  /** The operation on one of the environments has ended. */
  taskEnded(task: Task): void;
  /** Leaves what was shown last standing. */
  end(): void;
}

/** On a terminal a line for each service, drawn anew in place; elsewhere a line for each change. */
export function showProgress(operation: OperationName, tasks: readonly Task[], context: CommandContext): ProgressView {
  const display = context.output.err.isTerminal
    ? new LiveDisplay(operation, tasks, context)
    : new PlainDisplay(operation, tasks, context);
  const { signal } = context;
  const onAbort = () => display.note('Cancelling … (Ctrl-C again ends it at once)');
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort);
  return {
    tell: (task, progress) => {
      if (progress.kind === 'service') display.service(task, progress.service, progress.health);
      else if (progress.kind === 'output') display.output(task, cleanOutput(progress.line));
      else if (progress.kind === 'note') display.note(`${task.environment.definition.name}: ${progress.text}`);
      else display.note(waitingText(task, progress.holder));
    },
    taskEnded: (task) => display.taskEnded(task),
    end: () => {
      signal.removeEventListener('abort', onAbort);
      display.end();
    },
  };
}

function waitingText({ environment: { definition } }: Task, holder: string | undefined): string {
  return holder === undefined
    ? `Another operation on ${definition.name} goes first.`
    : `Another operation on ${definition.name} goes first: ${holder}.`;
}

interface Display {
  service(task: Task, name: string, health: Health): void;
  /** A line of Compose's own output. */
  output(task: Task, line: string): void;
  note(text: string): void;
  taskEnded(task: Task): void;
  end(): void;
}

/** Whether Compose's own lines are all that there is to see of an operation. */
function isToldByCompose(operation: OperationName): boolean {
  return operation === 'build' || operation === 'pull';
}

class PlainDisplay implements Display {
  private readonly began = performance.now();

  constructor(
    private readonly operation: OperationName,
    private readonly tasks: readonly Task[],
    private readonly context: CommandContext,
  ) {}

  service(task: Task, name: string, health: Health): void {
    this.note(`${this.prefix(task)}${name}: ${healthText(health)} (${secondsText(performance.now() - this.began)})`);
  }

  output(task: Task, line: string): void {
    if (this.context.options.verbose || isToldByCompose(this.operation)) this.note(`${this.prefix(task)}${line}`);
  }

  note(text: string): void {
    this.context.output.err.write(`${text}\n`);
  }

  taskEnded(): void {}

  end(): void {}

  private prefix({ environment: { definition } }: Task): string {
    return this.tasks.length > 1 ? `${definition.name} ` : '';
  }
}

class LiveDisplay implements Display {
  private readonly began = performance.now();
  /** When services last came to another health, by task. */
  private readonly changedAt: ReadonlyMap<Task, Map<string, number>>;
  private readonly region: LiveRegion;
  private readonly timer = setInterval(() => this.draw(), TICK);
  private lastLine = '';
  /** How long those took that have ended, in milliseconds. */
  private readonly took = new Map<Task, number>();

  constructor(
    private readonly operation: OperationName,
    private readonly tasks: readonly Task[],
    private readonly context: CommandContext,
  ) {
    this.changedAt = new Map(tasks.map((task) => [task, new Map()]));
    this.region = new LiveRegion(context.output.err);
    this.draw();
  }

  service(task: Task, name: string): void {
    this.changedAt.get(task)?.set(name, performance.now() - this.began);
    this.draw();
  }

  output({ environment: { definition } }: Task, line: string): void {
    const name = this.tasks.length > 1 ? `${definition.name} ` : '';
    const dim = this.context.output.err.style('dim', `  ${name}${line}`);
    if (this.context.options.verbose || isToldByCompose(this.operation)) this.note(dim);
    else this.lastLine = dim;
    this.draw();
  }

  note(text: string): void {
    this.region.printAbove(text);
  }

  taskEnded(task: Task): void {
    this.took.set(task, performance.now() - this.began);
    this.draw();
  }

  end(): void {
    clearInterval(this.timer);
    this.lastLine = '';
    this.draw();
  }

  private draw(): void {
    const lines = this.tasks.flatMap((task) => this.linesOf(task));
    this.region.draw(this.lastLine ? [...lines, this.lastLine] : lines);
  }

  private linesOf(task: Task): readonly string[] {
    const { berth, output } = this.context;
    const { id, name } = task.environment.definition;
    const took = this.took.get(task);
    const elapsed = took ?? performance.now() - this.began;
    // What leaves services as they are has nothing to show of them; in the end the result says it all.
    if (aimOf(this.operation) === undefined) {
      return took === undefined ? [underWayText(this.operation, name, elapsed)] : [];
    }
    const current = berth.store.find(id);
    const shown = current ? concernedBy(task.request, current) : [];
    const changedAt = this.changedAt.get(task) ?? new Map<string, number>();
    const lines = progressLines(this.operation, shown, changedAt, elapsed, output.err.style);
    return this.tasks.length > 1 ? [output.err.style('bold', name), ...lines] : lines;
  }
}
