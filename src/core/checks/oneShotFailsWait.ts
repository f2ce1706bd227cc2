import * as l10n from '@vscode/l10n';
import { list, text } from '../common/json';
import { imageReference } from '../model/imageReference';
import { type Check, type CheckedEnvironment, findingOf } from './check';
import { isHealthChecked } from './dependencyNotAwaited';
import { type CheckedService, servicesOf } from './services';
import { placesOf } from './written';

/**
 * Services that end by themselves, and for whose end no other one waits: `up --wait` takes one that ends at once for a failure, also when
 * it ends well (seen with Compose 2.26). Told only where somebody's command waits for all services.
 */
export const oneShotFailsWait: Check = {
  codes: ['one-shot-fails-wait'],
  *find({ environments }) {
    for (const environment of environments) {
      const { waits } = environment.definition.knowledge ?? {};
      if (!waits) continue;
      for (const service of servicesOf(environment)) {
        if (!isStarted(service, environment) || service.resolved.oneShot || !endsByItself(service)) continue;
        yield findingOf('one-shot-fails-wait', [environment], {
          severity: 'info',
          message: l10n.t(
            '"{0}" ends by itself, which "up --wait" takes for a failure: {1} runs that.',
            service.name,
            waits.label,
          ),
          remedy: l10n.t('Have what needs it wait with "condition: {0}".', 'service_completed_successfully'),
          service: service.name,
          places: placesOf(environment, ['services', service.name]),
        });
      }
    }
  },
};

/** Whether `up` starts it: no profile keeps it out, nor has it no containers. */
function isStarted({ resolved }: CheckedService, { definition }: CheckedEnvironment): boolean {
  const { profiles, replicas } = resolved;
  return replicas !== 0 && (profiles.length === 0 || profiles.some((one) => definition.profiles.includes(one)));
}

/** Names of services, or parts of such, that do something once. */
const ONCE_BY_NAME = /(?:^|[-_])(?:create-?buckets?|init|migrate|migrations?|migrator|seed|seeder|setup)(?:$|[-_])/;
/** Commands that do. */
const ONCE_BY_COMMAND =
  /\b(?:alembic upgrade|db push|db:(?:migrate|prepare|seed|setup)|knex migrate|manage\.py migrate|migrate deploy|migrate up|migration:run|sqlx migrate run)\b/;
/** Words of commands that go on, be it after something that is done once. */
const GOES_ON = /\b(?:exec|gunicorn|runserver|serve|server|sleep|start|tail|uvicorn|wait|watch)\b/;

/** Whether a service is there to do something once: it is called so or does so, and nothing says that it stays. */
export function endsByItself(service: CheckedService): boolean {
  const { name, config, resolved } = service;
  const command = [config.entrypoint, config.command].flatMap(list).join(' ');
  const stays = ['always', 'unless-stopped'].includes(text(config.restart)) || GOES_ON.test(command);
  if (stays || resolved.ports.length > 0 || isHealthChecked(service)) return false;
  const isClient = imageReference(resolved.image ?? '').repository === 'minio/mc';
  // Without a command of its own, it does what its image is for, which mostly stays.
  return isClient || (command !== '' && ONCE_BY_NAME.test(name)) || ONCE_BY_COMMAND.test(command);
}
