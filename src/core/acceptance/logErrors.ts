import * as l10n from '@vscode/l10n';
import { isErrorLine } from '../common/errorLine';
import { UserError } from '../common/errors';
import { logSince } from '../engine/logSince';
import type { Container } from '../model/container';
import type { OwnStep, StepResult } from './acceptance';
import { type AcceptanceContext, currentEnvironment } from './acceptanceContext';
import { MARKER } from './storeMarker';

/** How many lines of each service are shown, and how many characters of each. */
const MOST_LINES = 5;
const MOST_CHARACTERS = 500;

/** What the logs of a service were found to have. */
interface Found {
  errors: number;
  /** The first of them, without secrets. */
  readonly lines: string[];
  /** Why they can't be read. */
  unreadable?: string;
  ms: number;
}

/**
 * The errors in the logs of an environment's containers, each since it was last started. What goes with a container is read before that:
 * so they are gathered, and told in the end.
 */
export class LogErrors {
  private readonly services = new Map<string, Found>();

  constructor(private readonly context: AcceptanceContext) {}

  /** Reads the logs of the containers that there are now. */
  async gather(): Promise<void> {
    const { clock } = this.context.surroundings;
    const { services } = currentEnvironment(this.context);
    await Promise.all(
      services.map(async ({ name, containers }) => {
        if (containers.length === 0) return;
        const began = clock.now();
        const found = this.services.get(name) ?? { errors: 0, lines: [], ms: 0 };
        this.services.set(name, found);
        for (const container of containers) await this.read(container, found);
        found.ms += clock.now() - began;
      }),
    );
  }

  /** What came of it, for each service. */
  get steps(): readonly OwnStep[] {
    const steps = [...this.services].map(([subject, found]) => ({ subject, ms: found.ms, ...judged(subject, found) }));
    if (steps.length > 0) return steps;
    const subject = currentEnvironment(this.context).definition.name;
    return [{ subject, ms: 0, outcome: 'skipped', message: l10n.t('There are no containers.') }];
  }

  private async read({ id }: Container, found: Found): Promise<void> {
    const { connection, signal, surroundings } = this.context;
    try {
      await connection.inspect(async (engine) => {
        const since = logSince(await engine.container(id, signal));
        await engine.logs(
          id,
          { follow: false, tail: 'all', since },
          (line) => {
            // A store complains of a marker that it has lost.
            if (!isErrorLine(line.text) || line.text.includes(MARKER)) return;
            found.errors++;
            if (found.lines.length >= MOST_LINES) return;
            found.lines.push(surroundings.secrets.mask(line.text.slice(0, MOST_CHARACTERS)));
          },
          signal,
        );
      });
    } catch (error) {
      // A logging driver that can't be read from, for one.
      if (!(error instanceof UserError)) throw error;
      found.unreadable = error.message;
    }
  }
}

function judged(service: string, { errors, lines, unreadable }: Found): StepResult {
  if (errors === 0) {
    return unreadable === undefined
      ? { outcome: 'passed' }
      : { outcome: 'skipped', message: l10n.t("The logs can't be read: {0}", unreadable) };
  }
  return {
    outcome: 'failed',
    message:
      errors === 1
        ? l10n.t('The log of "{0}" has an error.', service)
        : l10n.t('The log of "{0}" has {1} errors.', service, errors),
    remedy: l10n.t('Mend what they tell of, or have it logged as less than an error where it is none.'),
    details: lines.join('\n'),
  };
}
